import type { Clock } from '../core/clock.ts'
import { RemitError } from '../core/errors.ts'
import type { HumanId } from '../core/ids.ts'
import type { DeviceCodes } from '../gate/delegation-requests.ts'
import { GuessLimit } from './guess-limit.ts'

/** Wrong codes of one human in a minute; of 20⁸ codes, that finds none. */
const GUESSES = { most: 10, window: 60_000 }

/** Codes of terminals as a person may type them: counted by person, so that nobody locks another one out (RFC 8628 §5.1). */
export function deviceCodeGuesses(clock: Clock, devices: () => Promise<DeviceCodes>): DeviceCodes['enter'] {
  const limits = new Map<HumanId, GuessLimit>()
  return async (userCode, human) => {
    const limit = limits.get(human) ?? new GuessLimit(clock, GUESSES)
    limits.set(human, limit)
    const wait = limit.wait()
    if (wait > 0) {
      const seconds = Math.max(1, Math.ceil(wait / 1000))
      throw new RemitError('input_invalid', `too many wrong codes; try again in ${seconds} s`)
    }
    let id: string | undefined
    await limit.count(async () => {
      id = await (await devices()).enter(userCode, human)
      return id !== undefined
    })
    return id
  }
}
