import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { PageScripts } from '../api/page-scripts.ts'
import { PACKAGE_ROOT } from './package-version.ts'

/** The scripts of the pages as they lie in the package: served as they are, each with the digest of what was read. */
export function loadPageScripts(): PageScripts {
  const folder = join(PACKAGE_ROOT, 'pages')
  const names = readdirSync(folder).filter((name) => name.endsWith('.js'))
  return new Map(
    names.toSorted().map((name) => {
      const text = readFileSync(join(folder, name), 'utf8')
      const integrity = `sha384-${createHash('sha384').update(text).digest('base64')}`
      return [name, { text, integrity }]
    }),
  )
}
