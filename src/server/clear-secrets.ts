import type { SecretScanner } from '../classify/secrets/secret-scanner.ts'

/** Names of what is secret even when it is written into the configuration itself. */
export const SECRET_NAME = /auth|key|token|secret|passw|cookie|credential/i

/** Values that name a place or say yes or no, whatever they are called. */
const NO_SECRET = /^(?:https?:\/\/[^@]*|[/~.].*|true|false|yes|no|\d{1,6}|)$/i

/** Whether a value that stands beside this name is one that nobody should read. */
export function looksSecret(scanner: SecretScanner, name: string, value: string): boolean {
  if (/^(?:[A-Za-z][A-Za-z-]* )?secret:/.test(value)) return false
  if (scanner.searchJson({ [name]: value }, { limit: value.length + 1 }).finds.length > 0) return true
  return SECRET_NAME.test(name) && !NO_SECRET.test(value)
}
