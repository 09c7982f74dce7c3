/* oxlint-disable no-console -- what is heard on the console is the subject */
/**
 * `oidc-provider` warns on the console, when it is loaded, of every Node that is no LTS release. Remit pins its Node and tests
 * with it (ADR 1), so this one message tells its user nothing. Imported before the library, and over with `heardAll`.
 */
const EXPECTED = /^\S*oidc-provider WARNING: Unsupported runtime\./

const original = console.warn

function warn(...given: unknown[]): void {
  if (given.length === 1 && EXPECTED.test(String(given[0]))) return
  original(...given)
}

console.warn = warn

export function heardAll(): void {
  if (console.warn === warn) console.warn = original
}
