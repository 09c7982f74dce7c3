import type { Json, JsonObject } from '../../core/json.ts'
import {
  deletionActions,
  reviewActions,
  textIn,
  updateActions,
  type ForgeAct,
  type ForgeInput,
} from './forge-act.ts'
import { route, routes, type Route, type RouteParameters } from './route-table.ts'

// GitHub REST API 2022-11-28 (https://docs.github.com/rest), below `repos/{owner}/{repo}`.

function push(branch: string | undefined, more: Omit<Partial<ForgeAct>, 'object'> = {}): ForgeAct {
  return { actions: ['git.push'], ...more, object: { on: 'branch', name: branch } }
}

/** Which commits a ref is moved to is not in the request. */
function moveRef({ path = '' }: RouteParameters, body: ForgeInput): ForgeAct {
  const forced =
    body === undefined ||
    (body['force'] !== undefined && body['force'] !== false && body['force'] !== 'false')
  return push(refName(path), {
    actions: forced ? ['git.push', 'git.rewrite'] : ['git.push'],
    paths: 'unknown',
  })
}

function refName(path: string): string {
  return path.startsWith('heads/') || path.startsWith('tags/') ? `refs/${path}` : path
}

export const GITHUB_ROUTES: readonly Route[] = [
  ...routes(`
    GET secret-scanning/** secret.read
    GET pulls/comments/** pr.read
    GET pulls/:number/** pr.read
    GET pulls/** pr.read
    GET issues/** issue.read
    GET labels/** issue.read
    GET milestones/** issue.read
    GET actions/secrets/** repo.read
    GET actions/variables/** repo.read
    GET actions/** ci.read
    GET check-runs/** ci.read
    GET check-suites/** ci.read
    GET ** repo.read
    POST pulls pr.open
    PUT pulls/:number/merge pr.merge
    PUT pulls/:number/update-branch pr.update
    PUT pulls/:number/reviews/*/dismissals pr.update
    PUT|DELETE pulls/:number/reviews/* pr.comment
    POST pulls/:number/comments/** pr.comment
    PATCH|DELETE pulls/comments/** pr.comment
    POST|DELETE pulls/:number/requested_reviewers pr.update
    POST|PATCH|PUT|DELETE issues/** issue.write
    POST|PATCH|DELETE labels/** issue.write
    POST|PATCH|DELETE milestones/** issue.write
    POST git/blobs git.commit
    POST git/trees git.commit
    POST git/commits git.commit
    POST git/tags git.commit
    POST|PUT|PATCH branches/*/protection/** repo.configure
    DELETE branches/*/protection/** repo.configure control.weaken
    POST|PUT rulesets/** repo.configure
    DELETE rulesets/** repo.configure control.weaken
    POST|PATCH|DELETE releases/** release.publish
    PUT actions/workflows/*/enable repo.configure
    PUT actions/workflows/*/disable repo.configure control.weaken
    POST actions/runs/*/rerun ci.run
    POST actions/runs/*/rerun-failed-jobs ci.run
    POST actions/jobs/*/rerun ci.run
    POST actions/runs/*/cancel ci.cancel
    POST actions/runs/*/force-cancel ci.cancel
    DELETE actions/runs/** ci.cancel
    DELETE actions/caches/** ci.cancel
    DELETE actions/artifacts/* ci.cancel
    POST actions/runs/*/approve deploy.run
    POST actions/runs/*/pending_deployments deploy.run
    POST deployments/** deploy.run
    POST dispatches ci.run
    PUT|DELETE actions/secrets/:secret secret.write
    PUT|DELETE dependabot/secrets/:secret secret.write
    PUT|DELETE codespaces/secrets/:secret secret.write
    PUT|DELETE environments/*/secrets/:secret secret.write
    POST|PATCH|DELETE actions/variables/** repo.configure
    POST actions/runners/** secret.read
    PUT|PATCH|DELETE collaborators/** repo.configure
    POST|PUT|PATCH|DELETE hooks/** repo.configure
    POST|DELETE keys/** repo.configure
    PUT topics repo.configure
    PUT vulnerability-alerts repo.configure
    DELETE vulnerability-alerts repo.configure control.weaken
    POST forks repo.create
    POST generate repo.create
  `),
  route('POST', 'actions/workflows/*/dispatches', (_, body) => ({
    actions: ['ci.run'],
    object: { on: 'repository' },
    ref: textIn(body, 'ref'),
  })),
  route('PATCH', 'pulls/:number', ({ number }, body) => ({
    actions: updateActions(body),
    object: { on: 'pull-request', number },
  })),
  route('POST', 'pulls/:number/reviews', ({ number }, body) => ({
    actions: reviewActions(body),
    object: { on: 'pull-request', number },
  })),
  route('POST', 'pulls/:number/reviews/*/events', ({ number }, body) => ({
    actions: reviewActions(body),
    object: { on: 'pull-request', number },
  })),
  // Without a branch it is the default one, whatever that is.
  route('DELETE', 'contents/:path', ({ path = '' }, body) =>
    push(textIn(body, 'branch'), { actions: deletionActions(path), paths: [path] }),
  ),
  route('PUT', 'contents/:path', ({ path = '' }, body) => push(textIn(body, 'branch'), { paths: [path] })),
  route('POST', 'git/refs', (_, body) => push(textIn(body, 'ref'), { paths: 'unknown' })),
  route('PATCH', 'git/refs/:path', moveRef),
  route('DELETE', 'git/refs/:path', ({ path = '' }) =>
    push(refName(path), { actions: ['git.push', 'git.delete'] }),
  ),
  route('POST', 'merges', (_, body) => push(textIn(body, 'base'), { paths: 'unknown' })),
  route('POST', 'merge-upstream', (_, body) => push(textIn(body, 'branch'), { paths: 'unknown' })),
  route('POST', 'branches/:branch/rename', ({ branch }) =>
    push(branch, { actions: ['git.push', 'git.rewrite'] }),
  ),
  route('PATCH', '', () => ({ actions: ['repo.configure'], object: { on: 'repository' } })),
  route('DELETE', '', () => ({ actions: ['repo.delete'], object: { on: 'repository' } })),
]

/** What lies beside repositories. */
export const GITHUB_ACCOUNT_ROUTES: readonly Route[] = [
  route('POST|PATCH', 'gists/**', () => ({
    actions: ['data.write', 'message.send'],
    object: { on: 'server' },
  })),
  route('DELETE', 'gists/**', () => ({ actions: ['data.delete'], object: { on: 'server' } })),
  route('PUT|PATCH|DELETE', 'notifications/**', () => ({
    actions: ['data.write'],
    object: { on: 'server' },
  })),
  route('PUT|DELETE', 'user/starred/**', () => ({ actions: ['data.write'], object: { on: 'server' } })),
  route('POST', 'markdown/**', () => ({ actions: ['data.read'], object: { on: 'server' } })),
  route('GET', '**', () => ({ actions: ['data.read'], object: { on: 'server' } })),
  route('ANY', '**', () => ({ actions: ['account.administer'], object: { on: 'server' }, opaque: true })),
]

/** Who owns a repository that a request makes, where it says so. */
export function madeRepository(path: string, body: ForgeInput): string | undefined {
  const name = textIn(body, 'name')
  const organization = /^orgs\/([^/]+)\/repos$/.exec(path)?.[1]
  return organization === undefined || name === undefined ? undefined : `${organization}/${name}`
}

/** Paths of the files that a list of changes names. */
export function listedPaths(value: Json | undefined): readonly string[] | 'unknown' {
  if (!Array.isArray(value) || value.length > 500) return 'unknown'
  const paths: string[] = []
  for (const item of value as readonly Json[]) {
    if (typeof item !== 'object' || item === null || Array.isArray(item)) return 'unknown'
    for (const name of ['file_path', 'previous_path', 'path']) {
      const path = (item as JsonObject)[name]
      if (typeof path === 'string') paths.push(path)
      else if (path !== undefined) return 'unknown'
    }
  }
  return paths.length < value.length ? 'unknown' : paths
}
