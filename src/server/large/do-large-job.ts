import { canonicalText } from '../../audit/canonical-text.ts'
import type { SecretScanner } from '../../classify/secrets/secret-scanner.ts'
import type { SecretScrubber } from '../../classify/secrets/secret-scrubber.ts'
import { inspectResult, searchInSteps } from '../../gate/inspect-result.ts'
import { writeAnswer } from '../../mcp/large-answer.ts'
import { readLargeMessage, resultIn } from '../../mcp/large-response.ts'
import { decodeUtf8Strict, parseStrictJson } from '../../net/strict-json.ts'
import type { LargeJobs, LargeKind } from './large-jobs.ts'

/** What came of a job, and the bytes in it that change hands instead of being copied. */
interface Done<K extends LargeKind> {
  readonly done: LargeJobs[K]['done']
  readonly moved: readonly Uint8Array[]
}

/** What a thread knows of the gateway's secrets. */
export interface LargeKnowledge {
  readonly scanner: SecretScanner
  readonly scrubber: SecretScrubber
}

type Worker<K extends LargeKind> = (
  job: LargeJobs[K]['job'],
  knowledge: LargeKnowledge,
) => Done<K> | Promise<Done<K>>

/** Every kind of job as the thread does it. @throws RemitError as `LargeMessages` and `LargeWork` say. */
export const LARGE_WORK: { readonly [K in LargeKind]: Worker<K> } = {
  read: ({ bytes }) => ({ done: { ...readLargeMessage(bytes), bytes }, moved: [bytes] }),
  parse: ({ bytes }) => ({ done: { value: parseStrictJson(decodeUtf8Strict(bytes)) }, moved: [] }),
  inspect,
  search: async ({ value, tree }, { scanner }) => ({
    done: await searchInSteps(scanner, value, tree),
    moved: [],
  }),
}

async function inspect(
  { bytes, request, mark }: LargeJobs['inspect']['job'],
  { scanner, scrubber }: LargeKnowledge,
): Promise<Done<'inspect'>> {
  const found = new Map<string, string>()
  // A result that is kept as bytes has passed the session, where the others are scrubbed, without its members.
  const scrubbed = scrubber.json(resultIn(bytes))
  const { answer, kept, inspection } = await inspectResult(scrubbed, {
    ...request,
    scanner: {
      searchSteps: (value, options) => scanner.searchSteps(value, options),
      // The gate's scanner learns them, and tells every thread.
      remember: (value, kind) => found.set(value, kind),
    },
  })
  const written = answer && writeAnswer(answer, mark)
  return {
    done: { answer: written, kept: kept && canonicalText(kept), inspection, found },
    moved: written === undefined ? [] : [written.body.bytes],
  }
}
