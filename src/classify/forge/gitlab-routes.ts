import { deletionActions, textIn, updateActions, type ForgeAct, type ForgeInput } from './forge-act.ts'
import { listedPaths } from './github-routes.ts'
import { route, routes, type Route } from './route-table.ts'

// GitLab REST API v4 (https://docs.gitlab.com/api/rest/), below `projects/{id}`.

function push(branch: string | undefined, more: Omit<Partial<ForgeAct>, 'object'> = {}): ForgeAct {
  return { actions: ['git.push'], ...more, object: { on: 'branch', name: branch } }
}

function run(body: ForgeInput): ForgeAct {
  return { actions: ['ci.run'], object: { on: 'repository' }, ref: textIn(body, 'ref') }
}

/** A title without its mark takes a draft out of its state. */
function update(number: string | undefined, body: ForgeInput): ForgeAct {
  const title = textIn(body, 'title')
  const ready = title !== undefined && !/^\s*(?:\[?draft\]?|wip|\(draft\))\b/i.test(title)
  const actions = updateActions(body)
  return {
    actions: ready ? [...new Set([...actions, 'pr.ready' as const])] : actions,
    object: { on: 'pull-request', number },
  }
}

export const GITLAB_ROUTES: readonly Route[] = [
  ...routes(`
    GET variables/** secret.read
    GET merge_requests/:number/** pr.read
    GET merge_requests/** pr.read
    GET issues/** issue.read
    GET labels/** issue.read
    GET milestones/** issue.read
    GET pipelines/** ci.read
    GET jobs/** ci.read
    GET ** repo.read
    POST merge_requests pr.open
    PUT merge_requests/:number/merge pr.merge
    PUT merge_requests/:number/rebase pr.update
    POST merge_requests/:number/approve pr.approve
    POST merge_requests/:number/unapprove pr.update
    POST|PUT|DELETE merge_requests/:number/notes/** pr.comment
    POST|PUT|DELETE merge_requests/:number/discussions/** pr.comment
    DELETE merge_requests/:number pr.close
    POST|PUT|DELETE issues/** issue.write
    POST|PUT|DELETE labels/** issue.write
    POST|PUT|DELETE milestones/** issue.write
    DELETE repository/branches/:branch git.push git.delete
    POST pipelines/*/retry ci.run
    POST jobs/*/retry ci.run
    POST jobs/*/play ci.run
    POST pipelines/*/cancel ci.cancel
    POST jobs/*/cancel ci.cancel
    DELETE pipelines/* ci.cancel
    PUT|DELETE variables/:secret secret.write
    POST|PATCH|PUT protected_branches/** repo.configure
    DELETE protected_branches/** repo.configure control.weaken
    POST|PUT|DELETE approval_rules/** repo.configure control.weaken
    POST|PUT|DELETE releases/** release.publish
    POST|PUT|DELETE members/** repo.configure
    POST|PUT|DELETE hooks/** repo.configure
    POST|PUT|DELETE deploy_keys/** repo.configure
    POST|PUT deployments/** deploy.run
    POST fork repo.create
  `),
  route('POST', 'pipeline', (_, body) => run(body)),
  route('POST', 'trigger/pipeline', (_, body) => run(body)),
  route('PUT', 'merge_requests/:number', ({ number }, body) => update(number, body)),
  route('DELETE', 'repository/files/:path', ({ path = '' }, body) =>
    push(textIn(body, 'branch'), { actions: deletionActions(path), paths: [path] }),
  ),
  route('POST|PUT', 'repository/files/:path', ({ path = '' }, body) =>
    push(textIn(body, 'branch'), {
      paths: [path, textIn(body, 'previous_path') ?? path],
    }),
  ),
  route('POST', 'repository/commits', (_, body) =>
    push(textIn(body, 'branch'), {
      actions:
        body?.['force'] === undefined && body !== undefined ? ['git.push'] : ['git.push', 'git.rewrite'],
      paths: listedPaths(body?.['actions']),
    }),
  ),
  route('POST', 'repository/commits/*/cherry_pick', (_, body) =>
    push(textIn(body, 'branch'), { paths: 'unknown' }),
  ),
  route('POST', 'repository/commits/*/revert', (_, body) =>
    push(textIn(body, 'branch'), { paths: 'unknown' }),
  ),
  route('POST', 'repository/branches', (_, body) => push(textIn(body, 'branch'))),
  route('POST', 'repository/tags', (_, body) => push(tag(textIn(body, 'tag_name')))),
  route('DELETE', 'repository/tags/:path', ({ path }) =>
    push(tag(path), { actions: ['git.push', 'git.delete'] }),
  ),
  route('POST', 'variables', (_, body) => ({
    actions: ['secret.write'],
    object: { on: 'secret', name: textIn(body, 'key') },
  })),
  route('PUT', '', () => ({ actions: ['repo.configure'], object: { on: 'repository' } })),
  route('DELETE', '', () => ({ actions: ['repo.delete'], object: { on: 'repository' } })),
]

function tag(name: string | undefined): string | undefined {
  return name === undefined ? undefined : `refs/tags/${name}`
}

/** What lies beside projects. */
export const GITLAB_ACCOUNT_ROUTES: readonly Route[] = [
  route('GET', '**', () => ({ actions: ['data.read'], object: { on: 'server' } })),
  route('ANY', '**', () => ({ actions: ['account.administer'], object: { on: 'server' }, opaque: true })),
]
