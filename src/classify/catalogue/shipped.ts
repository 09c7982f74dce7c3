import type { CatalogueEntry } from './entry.ts'
import { ATLASSIAN } from './atlassian.ts'
import { GITLAB } from './gitlab.ts'
import { GRAFANA } from './grafana.ts'
import { LINEAR, NOTION } from './trackers.ts'
import { SENTRY } from './sentry.ts'
import { FETCH } from './fetch.ts'
import { GIT } from './git.ts'
import { GIT_MCP_SERVER } from './git-mcp-server.ts'
import { GITHUB } from './github.ts'
import { KUBERNETES } from './kubernetes.ts'
import { PLAYWRIGHT } from './playwright.ts'
import { POSTGRES } from './postgres.ts'
import { SLACK } from './slack.ts'
import { FILESYSTEM } from './filesystem.ts'
import { MEMORY } from './memory.ts'
import type { ShippedName } from './shipped-names.ts'

const ENTRIES: Readonly<Record<ShippedName, CatalogueEntry>> = {
  atlassian: ATLASSIAN,
  fetch: FETCH,
  filesystem: FILESYSTEM,
  git: GIT,
  'git-mcp-server': GIT_MCP_SERVER,
  github: GITHUB,
  gitlab: GITLAB,
  grafana: GRAFANA,
  kubernetes: KUBERNETES,
  linear: LINEAR,
  memory: MEMORY,
  notion: NOTION,
  playwright: PLAYWRIGHT,
  postgres: POSTGRES,
  sentry: SENTRY,
  slack: SLACK,
}

/** Entries that `catalogue:` in the configuration may name. */
export const SHIPPED: ReadonlyMap<string, CatalogueEntry> = new Map(Object.entries(ENTRIES))
