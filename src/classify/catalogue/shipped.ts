import type { CatalogueEntry } from './entry.ts'
import { FETCH } from './fetch.ts'
import { GIT } from './git.ts'
import { GITHUB } from './github.ts'
import { KUBERNETES } from './kubernetes.ts'
import { PLAYWRIGHT } from './playwright.ts'
import { POSTGRES } from './postgres.ts'
import { SLACK } from './slack.ts'
import { FILESYSTEM } from './filesystem.ts'
import { MEMORY } from './memory.ts'

/** Entries that `catalogue:` in the configuration may name. */
export const SHIPPED: ReadonlyMap<string, CatalogueEntry> = new Map([
  ['fetch', FETCH],
  ['filesystem', FILESYSTEM],
  ['git', GIT],
  ['github', GITHUB],
  ['kubernetes', KUBERNETES],
  ['memory', MEMORY],
  ['playwright', PLAYWRIGHT],
  ['postgres', POSTGRES],
  ['slack', SLACK],
])
