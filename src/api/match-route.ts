import { RemitError } from '../core/errors.ts'
import type { Route } from './route.ts'
import { ROUTES } from './routes.ts'

export interface RouteMatch {
  readonly route: Route
  readonly params: Readonly<Record<string, string>>
}

export interface RouteQuestion {
  readonly method: string
  /** Path without query, as it was sent. */
  readonly path: string
  /** The client asks for HTML and shows no credential. */
  readonly page: boolean
}

/** What a parameter may hold; anything else is no path of ours, whatever it decodes to. */
const PARAMETER = /^[A-Za-z0-9_-]{1,128}$/

/** @throws RemitError `not_found`; `http_method_refused` with `data.allow` when another method would do. */
export function matchRoute(question: RouteQuestion): RouteMatch {
  const allowed = new Set<string>()
  for (const route of ROUTES) {
    if (route.page && !question.page) continue
    const params = matchPath(route.path, question.path)
    if (params === undefined) continue
    if (route.method === question.method) return { route, params }
    allowed.add(route.method)
  }
  if (allowed.size === 0) throw new RemitError('not_found', 'there is no such path on the admin plane')
  const allow = [...allowed].join(', ')
  throw new RemitError('http_method_refused', `this path answers ${allow} only`, { data: { allow } })
}

function matchPath(pattern: string, path: string): Record<string, string> | undefined {
  const wanted = pattern.split('/')
  const given = path.split('/')
  if (wanted.length !== given.length) return undefined
  const params: Record<string, string> = {}
  for (const [index, segment] of wanted.entries()) {
    const value = given[index] ?? ''
    if (!segment.startsWith(':')) {
      if (segment !== value) return undefined
    } else if (PARAMETER.test(value)) params[segment.slice(1)] = value
    else return undefined
  }
  return params
}
