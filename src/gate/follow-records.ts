import type { StoredRecord } from '../audit/record-reader.ts'
import type { Actor } from './administration.ts'
import type { AdministrationDeps } from './administration-deps.ts'
import { asSeenBy, ofWhom } from './read-records.ts'

/** Milliseconds between two looks: the ledger has no bell, and other replicas write to it too. */
const LOOK = 1_000
/** Looks without news after which the reader gets an empty answer, as a sign of life. */
const QUIET = 10

/**
 * The newest records in their reach, then each batch of news, newest first; of more than `most` at once only the newest.
 * An empty batch says that nothing came for a while. Ends with the signal.
 */
export async function* followRecords(
  { records, settings }: Pick<AdministrationDeps, 'records' | 'settings'>,
  actor: Actor,
  follow: { readonly after: number | undefined; readonly most: number; readonly signal: AbortSignal },
): AsyncGenerator<readonly StoredRecord[]> {
  const { tenant } = settings
  const theirs = { tenant, limit: follow.most, ...ofWhom(actor) }
  let seen = follow.after ?? -1
  let quiet = 0
  while (!follow.signal.aborted) {
    const { size } = await records.head(tenant)
    // A ledger that is shorter than what was seen is another one.
    if (seen >= size) seen = -1
    const news = size - 1 > seen ? await records.query({ ...theirs, after: seen }) : []
    // What came before the size was asked for was looked at, whoever’s it is.
    seen = Math.max(news[0]?.index ?? seen, size - 1)
    quiet = news.length === 0 ? quiet + 1 : 0
    if (news.length > 0 || quiet >= QUIET) {
      quiet = 0
      yield news.map((record) => asSeenBy(actor, record))
    }
    await pause(follow.signal)
  }
}

function pause(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, LOOK)
    signal.addEventListener('abort', done, { once: true })
    if (signal.aborted) done()
  })
}
