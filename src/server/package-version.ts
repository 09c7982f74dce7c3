import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** Folder of the installed package: the same two steps up from `src/server` and from `dist/server`. */
export const PACKAGE_ROOT = fileURLToPath(new URL('../../', import.meta.url))

/** Version of this program, from its package. */
export function packageVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  return String((JSON.parse(text) as { readonly version?: unknown }).version)
}
