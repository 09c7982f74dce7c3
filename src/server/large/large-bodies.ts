import { randomUUID } from 'node:crypto'
import { availableParallelism } from 'node:os'
import type { SecretScanner } from '../../classify/secrets/secret-scanner.ts'
import { RemitError } from '../../core/errors.ts'
import { LARGE, withBody } from '../../core/large-json.ts'
import type { LargeWork } from '../../gate/large-work.ts'
import type { LargeMessages } from '../../mcp/large-messages.ts'
import { joinMessage } from '../../mcp/large-response.ts'
import type { ScannerKey } from '../create-scanner.ts'
import { LargePool, LargeWorkFailed, type LargePoolOptions } from './large-pool.ts'

const MAX_THREADS = 4

/** What door and gate do with large messages, in threads of their own. */
export interface LargeBodies extends LargeMessages, LargeWork {
  close(): Promise<void>
}

/** @param key of the scanner, so that the threads know the same values. */
export function createLargeBodies(
  scanner: SecretScanner,
  key: ScannerKey,
  over: Partial<LargePoolOptions> = {},
): LargeBodies {
  const size = Math.max(1, Math.min(MAX_THREADS, availableParallelism() - 1))
  const pool = new LargePool({ scanner, settings: { scanner: key }, size, ...over })
  return {
    async read(given) {
      const bytes = own(given)
      const { bytes: back, ...message } = await pool
        .run('read', { bytes }, { moved: [bytes], size: bytes.length })
        .catch(unread)
      return joinMessage(message, back)
    },
    async parse(given) {
      const bytes = own(given)
      const { value } = await pool
        .run('parse', { bytes }, { moved: [bytes], size: bytes.length })
        .catch(unparsed)
      return value
    },
    async inspect(given, request) {
      const bytes = own(given)
      const mark = randomUUID()
      const { answer, kept, inspection, found } = await pool.run(
        'inspect',
        { bytes, request, mark },
        { moved: [bytes], size: bytes.length },
      )
      return {
        found,
        inspected: {
          inspection,
          answer: answer && withBody(answer.head, answer.body),
          kept: kept === undefined ? undefined : withBody({}, { kind: 'record', text: kept }),
        },
      }
    },
    // What is large enough to come here is at least as long as the classifier searches.
    search: (value, tree) => pool.run('search', { value, tree }, { moved: [], size: LARGE }),
    close: () => pool.close(),
  }
}

function unread(thrown: unknown): never {
  if (!(thrown instanceof LargeWorkFailed)) throw thrown
  const why = thrown.overloaded ? 'too many large results came at once' : 'reading it failed'
  throw new RemitError(
    'result_withheld',
    `the call ran, but its result is withheld because ${why}; look at what it did, and ask for less of it`,
    { detail: thrown.message, cause: thrown },
  )
}

function unparsed(thrown: unknown): never {
  if (!(thrown instanceof LargeWorkFailed)) throw thrown
  throw new RemitError('overloaded', 'the request is large and could not be read now; send less, or retry', {
    detail: thrown.message,
    cause: thrown,
  })
}

/** Bytes with a memory of their own, which can change hands. */
function own(bytes: Uint8Array): Uint8Array {
  const { buffer, byteLength } = bytes
  const whole = buffer instanceof ArrayBuffer && buffer.byteLength === byteLength
  return whole ? new Uint8Array(buffer) : Uint8Array.from(bytes)
}
