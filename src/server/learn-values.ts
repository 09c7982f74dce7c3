import type { SecretScrubber } from '../classify/secrets/secret-scrubber.ts'
import { isOwnEntry, valuesIn } from '../credentials/oauth/token-entry.ts'

/** Tokens of one entry that are still searched for: those of now and of a few renewals before. */
const KEPT = 12

/** Tells the scrubber what the encrypted store holds; of tokens, which change by the hour, the last ones. */
export function createLearner(scrubber: SecretScrubber): (value: string, name: string) => void {
  const tokens = new Map<string, string[]>()
  return (value, name) => {
    for (const [text, said] of valuesIn(name, value)) {
      scrubber.add(text, said)
      if (!isOwnEntry(name)) continue
      const known = (tokens.get(name) ?? []).filter((each) => each !== text)
      known.push(text)
      tokens.set(name, known)
      for (const old of known.splice(0, known.length - KEPT)) scrubber.remove(old)
    }
  }
}
