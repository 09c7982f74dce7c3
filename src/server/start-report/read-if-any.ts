import { readFileSync } from 'node:fs'

/** Undefined = there is none, or it cannot be read here. */
export function readIfAny(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
