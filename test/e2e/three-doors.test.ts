import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { evaluateStream, type Answer } from '../support/evaluate-stream.ts'
import { GitRepository } from '../support/git-repository.ts'

const WORKFLOW = '.github/workflows/ci.yml'

let repository: GitRepository
beforeAll(() => {
  repository = new GitRepository()
  repository.git('switch', '-q', '-c', 'wf')
  repository.commit({ [WORKFLOW]: 'on: push' })
  repository.git('switch', '-q', '-c', 'feat', 'main')
  repository.commit({ 'src/b.ts': '' })
})
afterAll(() => repository.remove())

type Call = readonly [server: string, tool: string, input: object]
const shell = (command: string): Call => ['claude-code', 'Bash', { command }]
const pushed = (branch: string): Call => [
  'git-mcp-server',
  'git_push',
  { path: repository.root, remote: 'origin', branch },
]
const github = (tool: string, input: object): Call => [
  'github',
  tool,
  { owner: 'acme', repo: 'shop', ...input },
]

/** Every call is a session of its own, so that none depends on another. */
async function decide(calls: readonly Call[], scope: object = {}, cwd?: string): Promise<readonly Answer[]> {
  const { answers } = await evaluateStream(
    calls.flatMap(([server, tool, input], at) => [
      { open: `s${at}`, task: { human: 'alice', scope } },
      { session: `s${at}`, id: 'c', call: { server, tool, arguments: input } },
    ]),
    { workspace: repository.root, ...(cwd === undefined ? {} : { cwd, file: join(cwd, 'remit.yaml') }) },
  )
  return answers
}

/** What the act is and what comes of it, without the call that carries it. */
function essence({ effect, operations, gates }: Answer): unknown {
  return { effect, operations, gates }
}

describe('R-CLS-1: the same act through three doors is the same operation with the same decision', () => {
  test.each([
    [
      'push to a feature branch',
      'consent',
      () => [
        shell('git push origin feat'),
        pushed('feat'),
        github('push_files', { branch: 'feat', message: 'm', files: [{ path: 'src/b.ts', content: 'x' }] }),
      ],
    ],
    [
      'push to main',
      'consent',
      () => [
        shell('git push origin main'),
        pushed('main'),
        github('push_files', { branch: 'main', message: 'm', files: [{ path: 'src/b.ts', content: 'x' }] }),
      ],
    ],
    [
      'push a workflow',
      'consent',
      () => [
        shell('git push origin wf'),
        pushed('wf'),
        github('create_or_update_file', { branch: 'wf', path: WORKFLOW, content: 'x', message: 'm' }),
      ],
    ],
    [
      'merge',
      'consent',
      () => [
        shell('gh pr merge 12'),
        shell('gh api -X PUT repos/{owner}/{repo}/pulls/12/merge'),
        github('merge_pull_request', { pullNumber: 12 }),
      ],
    ],
    [
      'approve',
      'deny',
      () => [
        shell('gh pr review --approve 12'),
        shell('gh api repos/acme/shop/pulls/12/reviews -f event=APPROVE'),
        github('pull_request_review_write', { pullNumber: 12, method: 'create', event: 'APPROVE' }),
      ],
    ],
    [
      'call ready',
      'allow',
      () => [shell('gh pr ready 12'), github('update_pull_request', { pullNumber: 12, draft: false })],
    ],
  ] as const)('%s', async (_, effect, calls) => {
    const [first, ...others] = (await decide(calls())).map(essence)
    expect(first).toMatchObject({ effect, operations: [{ opaque: false }] })
    for (const other of others) expect(other).toEqual(first)
  })
})

describe('R-ID-2: the repositories of a scope bind files, git and the forge alike', () => {
  const calls = (): readonly Call[] => [
    ['filesystem', 'write_file', { path: 'src/a.ts', content: 'x' }],
    shell('git commit -m x'),
    shell('git push origin feat'),
    github('create_pull_request', { title: 'x', head: 'feat', base: 'main' }),
  ]

  test('inside it, and outside another', async () => {
    const inside = await decide(calls(), { repositories: ['Acme/*'] })
    expect(inside.map(({ effect }) => effect)).toEqual(['allow', 'allow', 'consent', 'allow'])
    const outside = await decide(calls(), { repositories: ['acme/other'] })
    expect(outside.map(({ effect, policies }) => [effect, policies])).toEqual(
      calls().map(() => ['deny', ['remit:scope']]),
    )
  })

  test('pushing elsewhere is outside', async () => {
    const elsewhere = await decide(
      [
        shell('git push git@github.com:evil/shop.git feat'),
        shell('git push https://git.evil.example/acme/shop feat'),
        shell('gh pr create -R evil/shop --fill'),
        ['filesystem', 'write_file', { path: '/tmp/x', content: 'x' }],
      ],
      { repositories: ['acme/shop'] },
    )
    expect(elsewhere.map(({ effect }) => effect)).toEqual(['deny', 'deny', 'deny', 'deny'])
  })

  test('only hosts in `forges` share their names', async () => {
    const merge: Call = ['gitlab', 'merge_merge_request', { project_id: 'acme/shop', merge_request_iid: 1 }]
    const cwd = mkdtempSync(join(tmpdir(), 'remit-forges-'))
    const scope = { repositories: ['acme/shop'] }
    expect((await decide([merge], scope)).map(({ effect }) => effect)).toEqual(['consent'])
    writeFileSync(join(cwd, 'remit.yaml'), 'forges: [github.com]\n')
    const answers = await decide([merge, shell('gh pr merge 1')], scope, cwd)
    expect(answers.map(({ effect }) => effect)).toEqual(['deny', 'consent'])
  })
})
