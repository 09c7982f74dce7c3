import { canonicalText } from '../../audit/canonical-text.ts'
import type { SecretScanner } from '../../classify/secrets/secret-scanner.ts'
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

type Worker<K extends LargeKind> = (
  job: LargeJobs[K]['job'],
  scanner: SecretScanner,
) => Done<K> | Promise<Done<K>>

/** Every kind of job as the thread does it. @throws RemitError as `LargeMessages` and `LargeWork` say. */
export const LARGE_WORK: { readonly [K in LargeKind]: Worker<K> } = {
  read: ({ bytes }) => ({ done: { ...readLargeMessage(bytes), bytes }, moved: [bytes] }),
  parse: ({ bytes }) => ({ done: { value: parseStrictJson(decodeUtf8Strict(bytes)) }, moved: [] }),
  inspect,
  search: async ({ value, tree }, scanner) => ({
    done: await searchInSteps(scanner, value, tree),
    moved: [],
  }),
}

async function inspect(
  { bytes, request, mark }: LargeJobs['inspect']['job'],
  scanner: SecretScanner,
): Promise<Done<'inspect'>> {
  const found = new Map<string, string>()
  const { answer, kept, inspection } = await inspectResult(resultIn(bytes), {
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
