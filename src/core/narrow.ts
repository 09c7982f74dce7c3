import { ACTIONS, ACTION_GROUPS, groupsOf, type Action } from './actions.ts'
import { memoised } from './memoised.ts'
import { isSubpattern, matchesPattern, overlap } from './pattern.ts'
import { SCOPE_DIMENSIONS, type Scope, type ScopeDimension } from './scope.ts'

/** Hosts and forges take no notice of case. */
const FOLDED: ReadonlySet<ScopeDimension> = new Set(['hosts', 'repositories'])

/** A pattern that was asked for and cannot be had, beside what could. */
interface RefusedPattern {
  readonly dimension: ScopeDimension
  readonly pattern: string
  readonly allowed: readonly string[]
}

export type Narrowing = { readonly scope: Scope } | { readonly refused: readonly RefusedPattern[] }

/**
 * The scope of a child: whatever it permits, `parent` permits too. A dimension that is not asked for is the
 * parent's. An asked pattern that lies inside one of the parent's stays; one that holds some of the parent's
 * becomes those; one that only touches the parent's, or none of them, is refused.
 */
export function narrow(parent: Scope, asked: Scope): Narrowing {
  const scope: { [D in ScopeDimension]?: readonly string[] } = {}
  const refused: RefusedPattern[] = []
  for (const dimension of SCOPE_DIMENSIONS) {
    const allowed = parent[dimension]
    const wanted = asked[dimension]
    if (wanted === undefined || allowed === undefined) {
      const patterns = wanted ?? allowed
      if (patterns !== undefined) scope[dimension] = patterns
      continue
    }
    const kept = new Set<string>()
    for (const pattern of wanted) {
      const part = partOf(dimension, allowed, pattern)
      if (part === undefined) refused.push({ dimension, pattern, allowed })
      else for (const kind of part) kept.add(kind)
    }
    scope[dimension] = [...kept]
  }
  return refused.length > 0 ? { refused } : { scope }
}

/** Whether a pattern of this dimension permits a text: the meaning that `narrow` and the scope check share. */
export function permits(dimension: ScopeDimension, pattern: string, text: string): boolean {
  if (FOLDED.has(dimension)) return matchesPattern(pattern.toLowerCase(), text.toLowerCase())
  if (dimension === 'actions') return actionsPermitted(pattern).has(text)
  if (dimension === 'tools') return permitsTool(splitTool(pattern), text)
  return matchesPattern(pattern, text)
}

function partOf(
  dimension: ScopeDimension,
  allowed: readonly string[],
  pattern: string,
): readonly string[] | undefined {
  if (allowed.some((parent) => contains(dimension, parent, pattern))) return [pattern]
  const inside = allowed.filter((parent) => contains(dimension, pattern, parent))
  const touching = allowed.filter((parent) => touches(dimension, pattern, parent))
  // `touching` holds `inside`, unless a pattern of the parent permits nothing.
  return inside.length > 0 && touching.every((parent) => inside.includes(parent)) ? inside : undefined
}

function contains(dimension: ScopeDimension, outer: string, inner: string): boolean {
  if (dimension === 'actions') {
    const small = actionsPermitted(inner)
    // A word that names no action of today must not slip in as the empty set and mean more tomorrow.
    return small.size === 0
      ? inner === outer
      : [...small].every((action) => actionsPermitted(outer).has(action))
  }
  if (dimension === 'tools') {
    const [a, b] = [splitTool(inner), splitTool(outer)]
    return isSubpattern(a.server, b.server) && isSubpattern(a.tool, b.tool)
  }
  if (FOLDED.has(dimension)) return isSubpattern(inner.toLowerCase(), outer.toLowerCase())
  return isSubpattern(inner, outer)
}

function touches(dimension: ScopeDimension, left: string, right: string): boolean {
  if (dimension === 'actions')
    return [...actionsPermitted(left)].some((action) => actionsPermitted(right).has(action))
  if (dimension === 'tools') {
    const [a, b] = [splitTool(left), splitTool(right)]
    return overlap(a.server, b.server) && overlap(a.tool, b.tool)
  }
  if (FOLDED.has(dimension)) return overlap(left.toLowerCase(), right.toLowerCase())
  return overlap(left, right)
}

interface ToolPattern {
  readonly server: string
  readonly tool: string
}

/** `server__tool`, split at the first `__` as names of tools are; without one the pattern means any server. */
function splitTool(text: string): ToolPattern {
  const at = text.indexOf('__')
  return at === -1 ? { server: '**', tool: text } : { server: text.slice(0, at), tool: text.slice(at + 2) }
}

function permitsTool(pattern: ToolPattern, text: string): boolean {
  const named = splitTool(text)
  return matchesPattern(pattern.server, named.server) && matchesPattern(pattern.tool, named.tool)
}

/** A pattern over actions names actions, or is the name of one group: then all actions in it. */
const actionsPermitted = memoised((pattern): ReadonlySet<string> => {
  const isGroup = (ACTION_GROUPS as readonly string[]).includes(pattern)
  const actions = (Object.keys(ACTIONS) as Action[]).filter((action) =>
    isGroup ? (groupsOf(action) as readonly string[]).includes(pattern) : matchesPattern(pattern, action),
  )
  return new Set<string>(actions)
})
