export const SCOPE_DIMENSIONS = [
  'servers',
  'tools',
  'actions',
  'repositories',
  'branches',
  'paths',
  'hosts',
] as const
export type ScopeDimension = (typeof SCOPE_DIMENSIONS)[number]

/**
 * Patterns that bound a task. A dimension that is absent adds no limit beyond policy; an empty list permits
 * nothing. Patterns: `*` any run of characters but `/`, `**` any run at all, everything else itself.
 */
export type Scope = { readonly [D in ScopeDimension]?: readonly string[] }
