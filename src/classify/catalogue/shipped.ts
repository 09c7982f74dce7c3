import type { CatalogueEntry } from './entry.ts'
import { FILESYSTEM } from './filesystem.ts'
import { MEMORY } from './memory.ts'

/** Entries that `catalogue:` in the configuration may name. */
export const SHIPPED: ReadonlyMap<string, CatalogueEntry> = new Map([
  ['filesystem', FILESYSTEM],
  ['memory', MEMORY],
])
