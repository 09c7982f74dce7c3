import type { SecretScrubber } from '../classify/secrets/secret-scrubber.ts'
import { asRemitError } from '../core/errors.ts'
import type { Json } from '../core/json.ts'
import type { Log } from '../core/log.ts'

/** A log that never gets to see a value of the encrypted store, in whatever form. */
export function scrubbedLog(log: Log, scrubber: SecretScrubber): Log {
  return {
    log: (level, event, fields = {}) => {
      const plain = Object.entries(fields).map(([name, value]) => [
        name,
        value instanceof Error ? asRemitError(value).message : value,
      ])
      log.log(level, scrubber.text(event), scrubber.json(Object.fromEntries(plain) as Json) as typeof fields)
    },
  }
}
