/** What `catalogue:` in the configuration may name; `shipped.ts` has an entry for each. */
export const SHIPPED_NAMES = [
  'atlassian',
  'fetch',
  'filesystem',
  'git',
  'git-mcp-server',
  'github',
  'gitlab',
  'grafana',
  'kubernetes',
  'linear',
  'memory',
  'notion',
  'playwright',
  'postgres',
  'sentry',
  'slack',
] as const

export type ShippedName = (typeof SHIPPED_NAMES)[number]
