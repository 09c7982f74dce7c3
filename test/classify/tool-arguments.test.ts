import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { evaluateStream } from '../support/evaluate-stream.ts'

interface Case {
  readonly tool: string
  readonly args: Readonly<Record<string, unknown>>
  readonly expect: string
  readonly source: string
}

/** Public cases of arguments that did harm, compiled from advisories; kept beside the project, not in it. */
const FILE = join(
  process.env['REMIT_CORPUS'] ?? join(import.meta.dirname, '../../../shared/corpus'),
  'path_and_arg_cases.json',
)
const cases = existsSync(FILE)
  ? (JSON.parse(readFileSync(FILE, 'utf8')) as { tool_args: Case[] }).tool_args
  : []

const folder = mkdtempSync(join(realpathSync(tmpdir()), 'remit-tools-'))
mkdirSync(join(folder, 'app'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Catalogued under their own names, where no configuration says otherwise. */
const SERVERS: ReadonlySet<string> = new Set(['git', 'github', 'postgres', 'slack'])

async function decide(
  server: string,
  one: Pick<Case, 'tool' | 'args'>,
  scope: object = {},
): Promise<unknown> {
  const text = JSON.stringify(one.args).replaceAll('/work/app', join(folder, 'app'))
  const lines: object[] = [{ open: 's', task: { human: 'ada', scope } }]
  if (!SERVERS.has(server)) {
    lines.push({ session: 's', tools: [{ server, name: one.tool, description: '', inputSchema: {} }] })
  }
  lines.push({
    session: 's',
    id: 'c',
    call: { server, tool: one.tool, arguments: JSON.parse(text) as object },
  })
  const { answers } = await evaluateStream(lines, { workspace: join(folder, 'app') })
  return answers.find(({ id }) => id === 'c')
}

/** Servers that the cases’ tools belong to; the others are declared, and so inferred. */
const SERVER_OF: Readonly<Record<string, string>> = {
  git_checkout: 'git',
  git_status: 'git',
  create_or_update_file: 'github',
  get_file_contents: 'github',
}

describe.skipIf(cases.length === 0)(
  'R-CLS-4: the corpus of argument cases under the default pack (needs ../shared/corpus or REMIT_CORPUS)',
  () => {
    test.each(cases)('$tool: $source', async (one) => {
      // A read of another repository is wrong only for a task that is about this one.
      const scope = one.tool === 'get_file_contents' ? { repositories: ['o/**'] } : {}
      const answer = await decide(SERVER_OF[one.tool] ?? 'other', one, scope)
      expect(answer).toMatchObject({ effect: expect.stringMatching(/^(?:consent|deny)$/) as string })
    })
  },
)

test('R-CLS-1: the same push through the shell, and through GitHub’s tools, meets the same gates', async () => {
  const args = { owner: 'o', repo: 'r', path: 'src/a.ts', branch: 'fix', content: 'x', message: 'm' }
  expect(await decide('github', { tool: 'create_or_update_file', args })).toMatchObject({
    effect: 'consent',
    operations: expect.arrayContaining([
      expect.objectContaining({ action: 'git.push', resource: 'Branch::"fix"' }),
    ]) as unknown[],
    gates: [{ scope: 'push' }],
  })
  const merge = { owner: 'o', repo: 'r', pullNumber: 7 }
  expect(await decide('github', { tool: 'merge_pull_request', args: merge })).toMatchObject({
    effect: 'consent',
    operations: expect.arrayContaining([
      expect.objectContaining({ action: 'pr.merge', resource: 'PullRequest::"o/r#7"' }),
    ]) as unknown[],
  })
})

test('R-IFC-3: a secret in the arguments of an outward operation never leaves', async () => {
  const token = ['ghp_', 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8'].join('')
  const answer = await decide('slack', {
    tool: 'slack_post_message',
    args: { channel_id: 'C1', text: `use ${token}` },
  })
  expect(answer).toMatchObject({ effect: 'deny', policies: ['secrets'] })
})
