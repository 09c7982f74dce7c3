/** Writes `docs/config.md` from the schema: `node scripts/generate-config-docs.ts`. A test says when it is stale. */
import { writeFileSync } from 'node:fs'
import { configPage } from '../src/server/config-page.ts'

writeFileSync(new URL('../docs/config.md', import.meta.url), configPage())
