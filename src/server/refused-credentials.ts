import type { Clock } from '../core/clock.ts'
import { RemitError } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import type { Actor } from '../gate/administration.ts'
import type { RecordLifecycle } from './lifecycle-records.ts'

/** Records that strangers can cause in a minute; the rest is counted in the next one. */
const MOST = 20
const WINDOW = 60_000

type Authenticate = (authorization: string | undefined) => Promise<Actor>

/** Puts on record that a credential was presented on the admin plane and is none; what it was is nowhere. */
export function recordRefused(
  authenticate: Authenticate,
  deps: { readonly record: RecordLifecycle; readonly clock: Pick<Clock, 'now'>; readonly log: Log },
): Authenticate {
  let from = Number.NEGATIVE_INFINITY
  let written = 0
  let unwritten = 0
  const note = async (): Promise<void> => {
    const now = deps.clock.now()
    if (now - from >= WINDOW || now < from) {
      from = now
      written = 0
    }
    if (written >= MOST) {
      unwritten += 1
      return
    }
    written += 1
    const more = unwritten
    unwritten = 0
    const data = { plane: 'admin', reason: 'credential_invalid', ...(more === 0 ? {} : { more }) }
    await deps.record('access.refused', data)
  }
  return async (authorization) => {
    try {
      return await authenticate(authorization)
    } catch (error) {
      if (error instanceof RemitError && error.code === 'credential_invalid') {
        // Whether or not it can be written down, nobody is let in.
        await note().catch((reason: unknown) => {
          deps.log.log('error', 'access.unrecorded', { reason: String(reason) })
        })
      }
      throw error
    }
  }
}
