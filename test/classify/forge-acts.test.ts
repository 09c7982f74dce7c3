import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createClassifier } from '../../src/classify/create-classifier.ts'
import type { ServerKey } from '../../src/core/ids.ts'
import type { JsonObject } from '../../src/core/json.ts'
import type { Operation } from '../../src/core/operation.ts'
import { GitChangedPaths } from '../../src/server/git-changed-paths.ts'
import { GitRepository } from '../support/git-repository.ts'

/** The same act through one door. */
type Door = string | readonly [server: 'github' | 'gitlab' | 'git', tool: string, input: JsonObject]

const WORKFLOW = '.github/workflows/ci.yml'
const GH = { owner: 'Acme', repo: 'Shop' }
const GL = { project_id: 'acme/shop' }
const API = 'https://api.github.com/repos/acme/shop'
const GITLAB_API = 'https://gitlab.com/api/v4/projects/acme%2Fshop'
const push = (branch: string, more: JsonObject = {}): Door => [
  'git',
  'git_push',
  { path: '', remote: 'origin', branch, ...more },
]

/** Each act, what it is, and the doors to it. Shell strings stand for themselves. */
const ACTS: Readonly<Record<string, { readonly is: readonly string[]; readonly doors: readonly Door[] }>> = {
  'push to a feature branch': {
    is: ['git.push Branch feat of acme/shop'],
    doors: [
      'git push origin feat',
      'git push',
      'git push -u origin HEAD',
      "sh -c 'git push origin feat:refs/heads/feat'",
      push('feat'),
      [
        'github',
        'push_files',
        { ...GH, branch: 'feat', message: 'm', files: [{ path: 'src/b.ts', content: '' }] },
      ],
      [
        'gitlab',
        'push_files',
        { ...GL, branch: 'feat', commit_message: 'm', files: [{ file_path: 'src/b.ts' }] },
      ],
      'gh api -X PUT repos/acme/shop/contents/src/b.ts -f branch=feat -f message=m -f content=x',
      `curl -X PUT ${API}/contents/src/b.ts -d '{"branch":"feat","message":"m"}'`,
      `curl ${GITLAB_API}/repository/files/src%2Fb.ts -X POST --json '{"branch":"feat"}'`,
    ],
  },
  'push to main': {
    is: ['git.push Branch main of acme/shop [protected]'],
    doors: [
      'git push origin main',
      'git push origin feat:main',
      push('feat', { remoteBranch: 'main' }),
      [
        'github',
        'create_or_update_file',
        { ...GH, branch: 'main', path: 'src/b.ts', content: '', message: 'm' },
      ],
      ['gitlab', 'create_or_update_file', { ...GL, branch: 'main', file_path: 'src/b.ts', content: '' }],
      `curl -X PUT ${API}/contents/src/b.ts -d branch=main`,
      'gh api --method PUT /repos/{owner}/{repo}/contents/src/b.ts --input - <<< \'{"branch":"main"}\'',
    ],
  },
  'force push': {
    is: ['git.push Branch feat of acme/shop', 'git.rewrite Branch feat of acme/shop'],
    doors: [
      'git push --force origin feat',
      'git push origin +feat',
      push('feat', { force: true }),
      'gh api -X PATCH repos/acme/shop/git/refs/heads/feat -F force=true -f sha=abc',
      `curl -X PATCH ${API}/git/refs/heads/feat -d '{"force":true,"sha":"abc"}'`,
    ],
  },
  'delete a branch': {
    is: ['git.push Branch old of acme/shop', 'git.delete Branch old of acme/shop'],
    doors: [
      'git push origin --delete old',
      'git push origin :old',
      push('old', { delete: true }),
      'gh api -X DELETE repos/acme/shop/git/refs/heads/old',
      `curl -X DELETE ${API}/git/refs/heads/old`,
      ['gitlab', 'delete_branch', { ...GL, branch: 'old' }],
      'glab api -X DELETE projects/:fullpath/repository/branches/old',
    ],
  },
  'open a draft': {
    is: ['pr.open Repository acme/shop'],
    doors: [
      'gh pr create --draft --title x --body y',
      'gh api repos/{owner}/{repo}/pulls -f title=x -f head=feat -f base=main -F draft=true',
      `curl ${API}/pulls -d '{"title":"x","head":"feat","base":"main","draft":true}'`,
      ['github', 'create_pull_request', { ...GH, title: 'x', head: 'feat', base: 'main', draft: true }],
      ['gitlab', 'create_merge_request', { ...GL, title: 'x', source_branch: 'feat', target_branch: 'main' }],
      'glab mr create --draft -t x -s feat -y',
    ],
  },
  'call it ready': {
    is: ['pr.ready PullRequest acme/shop#12'],
    doors: [
      'gh pr ready 12',
      'gh pr ready https://github.com/acme/shop/pull/12',
      ['github', 'update_pull_request', { ...GH, pullNumber: 12, draft: false }],
      ['github', 'update_pull_request_draft_state', { ...GH, pullNumber: 12, draft: false }],
      ['gitlab', 'update_merge_request', { ...GL, merge_request_iid: 12, draft: false }],
      'glab mr update 12 --ready',
    ],
  },
  approve: {
    is: ['pr.approve PullRequest acme/shop#12'],
    doors: [
      'gh pr review 12 --approve',
      'gh pr review -a 12 -b ok',
      'gh api repos/acme/shop/pulls/12/reviews -f event=APPROVE',
      `curl ${API}/pulls/12/reviews -d '{"event":"APPROVE"}'`,
      ['github', 'pull_request_review_write', { ...GH, pullNumber: 12, method: 'create', event: 'APPROVE' }],
      ['gitlab', 'approve_merge_request', { ...GL, merge_request_iid: '12' }],
      'glab mr approve 12',
      `curl -X POST ${GITLAB_API}/merge_requests/12/approve`,
    ],
  },
  merge: {
    is: ['pr.merge PullRequest acme/shop#12'],
    doors: [
      'gh pr merge 12 --squash',
      'gh pr merge -R acme/shop 12 -dm',
      'gh api -X PUT repos/Acme/Shop/pulls/12/merge',
      `curl -X PUT -H "Accept: application/json" ${API}/pulls/12/merge`,
      `wget -O - --method=PUT ${API}/pulls/12/merge`,
      ['github', 'merge_pull_request', { ...GH, pullNumber: 12 }],
      ['gitlab', 'merge_merge_request', { ...GL, merge_request_iid: 12 }],
      'glab mr merge 12 --yes',
      'glab mr accept 12',
      `curl -X PUT ${GITLAB_API}/merge_requests/12/merge`,
    ],
  },
  close: {
    is: ['pr.close PullRequest acme/shop#12'],
    doors: [
      'gh pr close 12',
      'gh api -X PATCH repos/acme/shop/pulls/12 -f state=closed',
      `curl -X PATCH ${API}/pulls/12 -d state=closed`,
      ['github', 'update_pull_request', { ...GH, pullNumber: 12, state: 'closed' }],
      ['gitlab', 'update_merge_request', { ...GL, merge_request_iid: 12, state_event: 'close' }],
      'glab mr close 12',
      `curl -X PUT ${GITLAB_API}/merge_requests/12 -d state_event=close`,
    ],
  },
  comment: {
    is: ['pr.comment PullRequest acme/shop#12'],
    doors: [
      'gh pr comment 12 --body x',
      'gh pr review 12 --comment -b x',
      'gh api repos/acme/shop/pulls/12/comments -f body=x',
      ['github', 'pull_request_review_write', { ...GH, pullNumber: 12, event: 'COMMENT', body: 'x' }],
      ['gitlab', 'create_merge_request_note', { ...GL, merge_request_iid: 12, body: 'x' }],
      'glab mr note 12 -m x',
      `curl ${GITLAB_API}/merge_requests/12/notes -d body=x`,
    ],
  },
  'publish a release': {
    is: ['release.publish Repository acme/shop'],
    doors: [
      'gh release create v1 --notes x',
      'gh api repos/acme/shop/releases -f tag_name=v1',
      `curl ${API}/releases -d '{"tag_name":"v1"}'`,
      'curl -X POST "https://uploads.github.com/repos/acme/shop/releases/1/assets?name=a" -d x',
      ['gitlab', 'create_release', { ...GL, tag_name: 'v1' }],
      'glab release create v1 --notes x',
    ],
  },
  'run a workflow': {
    is: ['ci.run Repository acme/shop'],
    doors: [
      'gh workflow run ci.yml --ref main',
      'gh api repos/acme/shop/actions/workflows/ci.yml/dispatches -f ref=main',
      `curl ${API}/actions/workflows/ci.yml/dispatches -d '{"ref":"main"}'`,
      [
        'github',
        'actions_run_trigger',
        { ...GH, method: 'run_workflow', workflow_id: 'ci.yml', ref: 'main' },
      ],
      ['gitlab', 'create_pipeline', { ...GL, ref: 'main' }],
      'glab ci run -b main',
    ],
  },
  'change a workflow on a branch': {
    is: ['git.push Branch wf of acme/shop [ci]'],
    doors: [
      'git push origin wf',
      push('wf'),
      [
        'github',
        'create_or_update_file',
        { ...GH, branch: 'wf', path: WORKFLOW, content: 'on: push', message: 'm' },
      ],
      [
        'gitlab',
        'push_files',
        { ...GL, branch: 'wf', files: [{ file_path: WORKFLOW, content: 'on: push' }] },
      ],
      `gh api -X PUT repos/acme/shop/contents/${WORKFLOW} -f branch=wf`,
      `curl -X PUT ${API}/contents/${WORKFLOW} -d '{"branch":"wf"}'`,
      `curl ${GITLAB_API}/repository/commits --json '{"branch":"wf","actions":[{"file_path":"${WORKFLOW}"}]}'`,
    ],
  },
  'set a secret': {
    is: ['secret.write Secret acme/shop/TOKEN'],
    doors: [
      'gh secret set TOKEN --body x',
      'gh api -X PUT repos/acme/shop/actions/secrets/TOKEN -f encrypted_value=x',
      `curl -X PUT ${API}/actions/secrets/TOKEN -d '{"encrypted_value":"x"}'`,
      'glab variable set TOKEN x',
      `curl ${GITLAB_API}/variables -d key=TOKEN -d value=x`,
    ],
  },
  'lift the protection of a branch': {
    is: ['repo.configure Repository acme/shop', 'control.weaken Repository acme/shop'],
    doors: [
      'gh api -X DELETE repos/acme/shop/branches/main/protection',
      `curl -X DELETE ${API}/branches/main/protection`,
      ['gitlab', 'unprotect_branch', { ...GL, branch_name: 'main' }],
      `curl -X DELETE ${GITLAB_API}/protected_branches/main`,
    ],
  },
  'add a collaborator': {
    is: ['repo.configure Repository acme/shop'],
    doors: [
      'gh api -X PUT repos/acme/shop/collaborators/bob -f permission=admin',
      `curl -X PUT ${API}/collaborators/bob`,
      `curl ${GITLAB_API}/members -d user_id=1 -d access_level=50`,
    ],
  },
  'delete the repository': {
    is: ['repo.delete Repository acme/shop'],
    doors: [
      'gh repo delete acme/shop --yes',
      'gh repo delete https://github.com/acme/shop --yes',
      'gh api -X DELETE /repos/acme/shop',
      `curl -X DELETE ${API}`,
      ['github', 'delete_repository', GH],
      'glab repo delete acme/shop -y',
      `curl -X DELETE ${GITLAB_API}`,
    ],
  },
}

let repository: GitRepository
beforeAll(() => {
  repository = new GitRepository()
  repository.git('switch', '-q', '-c', 'wf')
  repository.commit({ [WORKFLOW]: 'on: push' })
  repository.git('switch', '-q', '-c', 'feat', 'main')
  repository.commit({ 'src/b.ts': '' })
})
afterAll(() => repository.remove())

async function operationsOf(door: Door): Promise<readonly Operation[]> {
  const classifier = createClassifier({
    servers: new Map(
      [
        ['github', 'github'],
        ['gitlab', 'gitlab'],
        ['git', 'git-mcp-server'],
      ].map(([key, catalogue]) => [key as ServerKey, { catalogue }]),
    ),
    control: { folders: [], files: [], ports: [] },
    home: repository.home,
    agents: 'shipped',
    changedPaths: new GitChangedPaths(),
  })
  const [server, tool, input] = typeof door === 'string' ? ['claude-code', 'Bash', { command: door }] : door
  const found = classifier.classify(
    {
      door: 'mcp',
      kind: 'tool',
      server: server as ServerKey,
      tool,
      arguments: server === 'git' ? { ...input, path: repository.root } : input,
      fileSystem: 'shared',
      correlation: { requestId: '1' },
    },
    { workspace: repository.root },
  )
  return (await classifier.complete(found)).operations.slice(1)
}

function textOf({ action, resource, labels }: Operation): string {
  const of = resource.type === 'Branch' ? ` of ${resource.ancestors[0]?.id ?? '?'}` : ''
  return `${action} ${resource.type} ${resource.id}${of}${labels.length === 0 ? '' : ` [${labels.join(' ')}]`}`
}

const rows = Object.entries(ACTS).flatMap(([act, { is, doors }]) =>
  doors.map((door) => [act, door, is] as const),
)

describe('R-CLS-1: an act is the same operation through every door', () => {
  test.each(rows)('%s: %j', async (_, door, is) => {
    const operations = await operationsOf(door)
    // A request is also one of the network.
    const acts = operations.filter(({ action }) => !action.startsWith('net.'))
    expect(acts.map(textOf)).toEqual(is)
  })
})

describe('R-CLS-4: what is not known of an act is not guessed', () => {
  test.each([
    'gh pr merge',
    'gh pr merge my-branch',
    'gh pr merge $N',
    'gh pr merge 12 --unknown',
    'gh pr merge -R $REPO 12',
    'gh api -X PUT repos/acme/shop/pulls/$N/merge',
    'gh api -X $METHOD repos/acme/shop/pulls/12/merge',
    'gh api -X PUT repos/acme/shop/pulls/12/../../../evil/x/pulls/1/merge',
    'gh api -X PUT repos/acme/shop/pulls/12/unheard-of',
    'gh api repos/acme/shop/git/refs -f ref=refs/heads/x -f sha=abc',
    "gh api graphql -f query='mutation { mergePullRequest(input: {}) { clientMutationId } }'",
    'gh api graphql -F query=@q.graphql',
    'gh extension install x/y',
    'gh alias set x "!sh"',
    'glab unheard of',
    `curl -X PUT ${API}/contents/src/a.ts -d @body.json`,
    'curl -X POST https://api.github.com/$P',
    'git push -o ci.variable=A=b origin feat',
  ])('%s', async (command) => {
    const operations = await operationsOf(command)
    expect(operations.some(({ opaque }) => opaque)).toBe(true)
    expect(operations.some(({ action }) => !/^(file|net)\.|\.read$/.test(action))).toBe(true)
  })

  test('a mutation is read by its name, also behind an alias and beside another', async () => {
    const query =
      'query { viewer { login } } mutation M { a: mergePullRequest(input: {x: "}"}) { x } closePullRequest { y } }'
    const acts = (await operationsOf(`gh api graphql -f query='${query}'`)).map(({ action }) => action)
    expect(acts).toEqual(['pr.merge', 'pr.close'])
  })

  test('reads are reads', async () => {
    for (const command of [
      'gh pr list',
      'gh pr view 12',
      'gh run list',
      'gh api repos/acme/shop/pulls/12',
      'gh pr checks 12',
    ]) {
      const operations = await operationsOf(command)
      expect({ command, acts: operations.map(({ action, opaque }) => [action, opaque]) }).toEqual({
        command,
        acts: [[expect.stringMatching(/^(pr|ci)\.read$/), false]],
      })
    }
  })
})
