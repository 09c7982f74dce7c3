import type { Action } from './actions.ts'
import { permits } from './narrow.ts'
import type { Operation } from './operation.ts'
import { matchesEverythingBelow } from './pattern.ts'
import { SCOPE_DIMENSIONS, type Scope, type ScopeDimension } from './scope.ts'

/** Dimensions that say where an operation reaches: what is not understood cannot be shown to stay inside them. */
const TARGETS: ReadonlySet<ScopeDimension> = new Set(['repositories', 'branches', 'paths', 'hosts'])

/** Questions of a server belong to a call of one of its tools, which was inside the scope already. */
const QUESTIONS: ReadonlySet<Action> = new Set(['elicitation.create', 'sampling.create', 'roots.list'])

/**
 * The dimensions that an operation leaves, over the scope of the task and of every ancestor: empty = inside all.
 * A dimension that says nothing about the kind of resource at hand is not left.
 */
export function outsideDimensions(
  scopes: readonly Scope[],
  call: { readonly server: string; readonly tool: string },
  operation: Operation,
): ScopeDimension[] {
  return SCOPE_DIMENSIONS.filter((dimension) =>
    scopes.some((scope) => {
      const patterns = scope[dimension]
      return patterns !== undefined && leaves(dimension, patterns, call, operation)
    }),
  )
}

function leaves(
  dimension: ScopeDimension,
  patterns: readonly string[],
  call: { readonly server: string; readonly tool: string },
  operation: Operation,
): boolean {
  if (operation.opaque && TARGETS.has(dimension)) return true
  const none = (text: string) => !patterns.some((pattern) => permits(dimension, pattern, text))
  switch (dimension) {
    case 'servers':
      return none(call.server)
    case 'tools':
      return !QUESTIONS.has(operation.action) && none(`${call.server}__${call.tool}`)
    case 'actions':
      // What a described tool does is said by its other operations; `tool.call` only wraps them.
      return (operation.action !== 'tool.call' || operation.opaque) && none(operation.action)
    case 'paths':
      return leavesPaths(patterns, operation)
    case 'repositories':
      return leavesRepositories(operation, none)
    case 'branches':
      return operation.resource.type === 'Branch' && none(operation.resource.id)
    case 'hosts':
      return leavesHosts(operation, none)
    default:
      return dimension satisfies never
  }
}

function leavesPaths(patterns: readonly string[], { action, resource, labels }: Operation): boolean {
  if (resource.type !== 'File' && resource.type !== 'Directory') return false
  if (labels.includes('outside-workspace') || resource.id.startsWith('/')) return true
  const matched = patterns.some((pattern) => permits('paths', pattern, resource.id))
  if (resource.type === 'File') return !matched
  // The workspace itself is `.`, and what lies in it has no prefix.
  const folder = resource.id === '.' ? '' : `${resource.id}/`
  if (action === 'file.list' && (matched || patterns.some((pattern) => permits('paths', pattern, folder)))) {
    return false
  }
  // Whatever else is done to a folder is done to all that lies in it.
  return !patterns.some((pattern) => matchesEverythingBelow(pattern, folder))
}

function leavesHosts({ resource }: Operation, none: (text: string) => boolean): boolean {
  if (resource.type === 'Host' || resource.type === 'Domain') return none(hostName(resource.id))
  if (resource.type !== 'Url') return false
  const host = resource.ancestors.find((ancestor) => ancestor.type === 'Host')?.id ?? hostOfUrl(resource.id)
  return host === undefined || none(hostName(host))
}

/** What can lie in a repository, and is not known to lie in one, lies outside each that a scope names. */
const IN_REPOSITORIES: ReadonlySet<string> = new Set([
  'Repository',
  'Branch',
  'PullRequest',
  'File',
  'Directory',
])

function leavesRepositories({ resource }: Operation, none: (text: string) => boolean): boolean {
  if (!IN_REPOSITORIES.has(resource.type)) return false
  const named = [resource, ...resource.ancestors].filter(({ type }) => type === 'Repository')
  return named.length === 0 || named.some(({ id }) => none(id))
}

const AUTHORITY = /^[a-z][a-z0-9+.-]*:\/\/([^/?#\\]*)/i

/** The host of a canonical URL (RFC 3986 §3.2); user information is cut off, not believed. */
function hostOfUrl(url: string): string | undefined {
  const authority = AUTHORITY.exec(url)?.[1]
  const host = authority?.slice(authority.lastIndexOf('@') + 1)
  return host === '' ? undefined : host
}

/** Without port and root dot. An IPv6 address keeps its colons: `[::1]:443` is `[::1]`. */
function hostName(text: string): string {
  const bracket = text.lastIndexOf(']')
  const colon = text.lastIndexOf(':')
  const single = text.indexOf(':') === colon
  const host = colon > bracket && (single || bracket !== -1) ? text.slice(0, colon) : text
  return host.endsWith('.') ? host.slice(0, -1) : host
}
