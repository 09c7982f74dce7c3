import { isAction, type Action } from '../../core/actions.ts'
import type { ForgeAct, ForgeInput, ForgeObject } from './forge-act.ts'

/** What stood where a route has `:name`. */
export type RouteParameters = Readonly<Record<string, string>>
export type RouteReader = (parameters: RouteParameters, body: ForgeInput) => ForgeAct

export interface Route {
  readonly methods: ReadonlySet<string>
  readonly pattern: RegExp
  readonly read: RouteReader
}

/**
 * Routes of a REST API, one a line: methods, path, actions. In a path `*` is one component, `**` any number, and
 * `:number`, `:branch`, `:secret` and `:path` say what the actions are done to.
 */
export function routes(table: string): readonly Route[] {
  return table
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((words) => words.length > 2)
    .map(([methods = '', path = '', ...actions]) =>
      route(methods, path, (parameters) => ({
        actions: actions.filter((action): action is Action => isAction(action)),
        object: objectOf(parameters, actions),
      })),
    )
}

export function route(methods: string, path: string, read: RouteReader): Route {
  const pattern = path
    .split('/')
    .map((part) => {
      if (part === '**') return '.*'
      if (part === '*') return '[^/]+'
      return part.startsWith(':') ? `(?<${part.slice(1)}>${part === ':path' ? '.+' : '[^/]+'})` : part
    })
    .join('/')
    // `**` at the end is there or not, with the slash before it.
    .replace(/\/\.\*$/, '(?:/.*)?')
  return { methods: new Set(methods.split('|')), pattern: new RegExp(`^${pattern}$`), read }
}

function objectOf({ number, branch, secret }: RouteParameters, actions: readonly string[]): ForgeObject {
  if (secret !== undefined || actions.some((action) => action.startsWith('secret.')))
    return { on: 'secret', name: secret }
  if (number !== undefined) return { on: 'pull-request', number }
  if (branch !== undefined) return { on: 'branch', name: branch }
  return { on: 'repository' }
}

/** The first route that matches a path, which is still percent-encoded; `undefined` = none does, or it is not read. */
export function matchRoute(
  table: readonly Route[],
  request: { readonly method: string; readonly path: string; readonly body: ForgeInput },
): ForgeAct | undefined {
  const method = request.method === 'HEAD' ? 'GET' : request.method
  for (const { methods, pattern, read } of table) {
    if (!methods.has(method) && !methods.has('ANY')) continue
    const found = pattern.exec(request.path)
    if (found !== null) {
      const parameters = decodedParameters(found.groups ?? {})
      return parameters === undefined ? undefined : read(parameters, request.body)
    }
  }
  return undefined
}

/** Once; what is encoded twice is not decoded further, and shows its sign. */
function decodedParameters(groups: RouteParameters): RouteParameters | undefined {
  try {
    return Object.fromEntries(Object.entries(groups).map(([name, text]) => [name, decodeURIComponent(text)]))
  } catch {
    return undefined
  }
}
