import type { Resource } from '../../core/resource.ts'
import { forgeHost, repositoryId, type ForgeHosts } from '../repository/forge-hosts.ts'
import { forgeOperations, type ForgeAct, type ForgeInput, type ForgeOperation } from './forge-act.ts'
import { GITHUB_ACCOUNT_ROUTES, GITHUB_ROUTES, madeRepository } from './github-routes.ts'
import { GITLAB_ACCOUNT_ROUTES, GITLAB_ROUTES } from './gitlab-routes.ts'
import { readGraphql } from './graphql.ts'
import { matchRoute } from './route-table.ts'

export type ForgeKind = 'github' | 'gitlab'

/** A request to the API of a forge. */
export interface ForgeRequest {
  readonly kind: ForgeKind
  /** Of the forge, not of its API. */
  readonly host: string
  readonly method: string
  /** Below the root of the API, still percent-encoded, without a query. */
  readonly path: string
  readonly body: ForgeInput
}

/** The API of which forge a URL lies in; `undefined` = of none that is known. */
export function forgeApi(url: string): Pick<ForgeRequest, 'kind' | 'host' | 'path'> | undefined {
  const [, authority = '', path = ''] = /^https?:\/\/([^/?#]+)\/?([^?#]*)/i.exec(url) ?? []
  const host = authority.toLowerCase()
  if (host === 'api.github.com' || host === 'uploads.github.com')
    return { kind: 'github', host: 'github.com', path }
  const tenant = /^api\.([a-z0-9-]+\.ghe\.com)$/.exec(host)?.[1]
  if (tenant !== undefined) return { kind: 'github', host: tenant, path }
  const enterprise = /^api\/(?:v3|uploads)\/(.*)$/.exec(path)?.[1]
  if (enterprise !== undefined) return { kind: 'github', host, path: enterprise }
  const gitlab = /^api\/v4\/(.*)$/.exec(path)?.[1]
  if (gitlab !== undefined) return { kind: 'gitlab', host, path: gitlab }
  return path === 'api/graphql' ? { kind: 'gitlab', host, path: 'graphql' } : undefined
}

/** What a request does. One that no route describes is taken for the worst unless it reads. */
export function readForgeRequest(request: ForgeRequest, forges: ForgeHosts): readonly ForgeOperation[] {
  const { kind, method, body } = request
  const host = forgeHost(request.host)
  const path = request.path.replace(/^\/+|\/+$/g, '')
  const at = (acts: readonly ForgeAct[], repository: Resource | undefined) =>
    acts.flatMap((act) => forgeOperations(act, { host, repository }))
  if (path === 'graphql') return at(readGraphql(body), undefined)
  const below = /^(?:repos\/([^/]+\/[^/]+)|projects\/([^/]+))(?:\/(.*))?$/.exec(path)
  if (below === null) {
    if (method === 'POST' && /^(?:user\/repos|orgs\/[^/]+\/repos|projects)$/.test(path)) {
      const made = madeRepository(path, body)
      const repository = made === undefined ? undefined : repositoryOn(host, made, forges)
      return at([{ actions: ['repo.create'], object: { on: 'repository' } }], repository)
    }
    const table = kind === 'github' ? GITHUB_ACCOUNT_ROUTES : GITLAB_ACCOUNT_ROUTES
    const act = matchRoute(table, { method, path, body })
    return at(act === undefined ? [] : [act], undefined)
  }
  const name = decoded(below[1] ?? below[2] ?? '')
  const rest = below[3] ?? ''
  const repository = name === undefined ? undefined : repositoryOn(host, name, forges)
  const table = kind === 'github' ? GITHUB_ROUTES : GITLAB_ROUTES
  const act = climbs(rest) ? undefined : matchRoute(table, { method, path: rest, body })
  return at([act ?? UNKNOWN], repository)
}

const UNKNOWN: ForgeAct = { actions: ['repo.configure'], object: { on: 'repository' }, opaque: true }

function repositoryOn(host: string, name: string, forges: ForgeHosts): Resource | undefined {
  // GitLab also numbers its projects; which one that is, nobody here knows.
  if (/^\d{1,12}$/.test(name)) return { type: 'Repository', id: name, ancestors: [] }
  const id = repositoryId(host, name, forges)
  return id === undefined ? undefined : { type: 'Repository', id, ancestors: [] }
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

function climbs(path: string): boolean {
  return /(?:^|\/|%2f)(?:\.|%2e){1,2}(?:\/|%2f|$)|\/\/|\\/i.test(path)
}
