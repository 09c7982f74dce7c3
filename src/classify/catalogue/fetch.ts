import { to, tool } from './describe-tool.ts'
import type { CatalogueEntry } from './entry.ts'

/** `mcp-server-fetch` 2026.8.31: gets one URL, from the machine that it runs on. */
export const FETCH: CatalogueEntry = new Map([
  ['fetch', tool([to('url', 'url', ['net.fetch'])], 'max_length start_index raw')],
])
