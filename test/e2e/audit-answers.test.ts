import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runCommand } from '../../src/cli/run-command.ts'
import { CODES, CONSOLE_PEOPLE } from '../support/console-people.ts'
import { type HumanGateway, startHumanGateway } from '../support/human-gateway.ts'
import { callTool, connectClient } from '../support/mcp-client.ts'

let running: HumanGateway
let task = ''

/** An admin, who sees that records are and not what they carry. */
const ADAM = 'the-code-of-adam-0001'
const ALL_CODES = { ...CODES, adam: ADAM }
type Person = keyof typeof ALL_CODES | undefined

/** A command in the folder of the gateway. @param until ends it once it has printed this. */
async function remit(as: Person, args: readonly string[], until?: RegExp) {
  const stopped = new AbortController()
  let stdout = ''
  let stderr = ''
  const status = await runCommand([...args, '--admin-url', running.gateway.urls.admin], {
    environ: as === undefined ? {} : { REMIT_APPROVER: `${as}:${ALL_CODES[as]}` },
    cwd: running.home,
    out: (text) => {
      stdout += text
      if (until?.test(stdout) === true) stopped.abort()
    },
    err: (text) => (stderr += text),
    colour: false,
    stopped: stopped.signal,
  })
  return { stdout, stderr, status }
}

const lines = (text: string): readonly string[] => text.split('\n').filter((line) => line !== '')
const rows = (text: string) => lines(text).map((line) => JSON.parse(line) as Record<string, unknown>)

beforeAll(async () => {
  running = await startHumanGateway(undefined, {
    ...CONSOLE_PEOPLE,
    humans: `${CONSOLE_PEOPLE.humans}  - { id: adam, roles: [admin] }\n`,
    environ: { REMIT_APPROVER: `${CONSOLE_PEOPLE.environ.REMIT_APPROVER},adam:${ADAM}` },
  })
  const { urls } = running.gateway
  mkdirSync(join(running.workspace, '.github', 'workflows'), { recursive: true })
  writeFileSync(join(running.workspace, 'README.md'), '# Read me')
  const local = readFileSync(join(running.home, '.remit', 'local-credential'), 'utf8').trim()
  const post = async (path: string, credential: string, body: object): Promise<unknown> => {
    const answer = await fetch(`${urls.admin}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${credential}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    return answer.json()
  }
  const made = (await post('/tasks', local, {
    workflow: 'fix-tests',
    intent: 'mend the tests',
    workspace: running.workspace,
  })) as { token: string; task: { id: string } }
  task = made.task.id
  const client = await connectClient(`${urls.agent}/mcp`, made.token, 'modern')
  const file = { path: join(running.workspace, '.github', 'workflows', 'ci.yml'), content: 'on: push\n' }
  await callTool(client, 'filesystem__read_text_file', { path: join(running.workspace, 'README.md') })
  const asked = await callTool(client, 'filesystem__write_file', file)
  const request = /apr_[0-9a-z]+/.exec(asked.text)?.[0] ?? ''
  await post(`/approvals/${request}/approve`, `mona:${CODES.mona}`, { comment: 'seen' })
  await callTool(client, 'filesystem__write_file', file)
  await client.close()
}, 60_000)

afterAll(async () => {
  await running.stop()
})

describe('R-AUD-3: the ledger answers at the command line', () => {
  const decided = `kind = decision and task = `

  test('what is asked, as lines, JSON, CSV and a number, by a gateway and from an export', async () => {
    const q = `${decided}${task}`
    const found = rows((await remit('iris', ['audit', 'query', q, '--json'])).stdout)
    expect(found.map(({ decision }) => (decision as { effect: string }).effect)).toEqual([
      'allow',
      'consent',
      'allow',
    ])
    expect((await remit('iris', ['audit', 'query', q, '--count'])).stdout).toBe('3\n')
    const csv = lines((await remit('iris', ['audit', 'query', q, '--csv'])).stdout)
    expect(csv).toHaveLength(4)
    expect(csv[2]).toContain('consent')
    const ledger = join(running.home, 'ledger.jsonl')
    writeFileSync(ledger, (await remit('iris', ['audit', 'export'])).stdout)
    const offline = await remit(undefined, ['audit', 'query', q, '--json', '--file', ledger])
    expect(rows(offline.stdout).map(({ index }) => index)).toEqual(found.map(({ index }) => index))
  })

  test('and goes on telling what comes', async () => {
    const following = remit(
      'iris',
      ['audit', 'query', 'kind = view.saved', '--follow', '--json'],
      /"kind":"view.saved"/,
    )
    await remit('iris', ['audit', 'view', 'save', 'soon', 'decision = deny'])
    expect(rows((await following).stdout)).toMatchObject([{ kind: 'view.saved', actor: 'iris' }])
  })

  test('under a name that is kept, shared and removed, each within their own reach', async () => {
    const save = ['audit', 'view', 'save', 'mine', `${decided}${task}`]
    expect((await remit('mona', [...save, '--shared'])).status).toBe(0)
    expect((await remit('iris', ['audit', 'view', 'list'])).stdout).toMatch(
      /mona +mine +yes +kind = decision/,
    )
    const byName = (view: string) => remit('iris', ['audit', 'query', '--view', view, '--count'])
    expect((await byName('mine')).stdout).toBe('3\n')
    expect((await byName('mona/mine')).stdout).toBe('3\n')
    await remit('iris', ['audit', 'view', 'save', 'mine', 'kind = nothing'])
    expect((await remit('mona', ['audit', 'view', 'remove', 'mine'])).stdout).toBe('removed mine\n')
    expect(await byName('mona/mine')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('remit audit view list') as string,
    })
  })

  test('as a timeline, a graph and a session in steps, whose payloads are for auditors', async () => {
    const timeline = await remit('iris', ['task', 'timeline', task])
    expect(timeline.stdout).toMatch(/task\.created[^]*approval\.granted[^]*outcome/)
    expect((await remit('iris', ['task', 'graph', task])).stdout).toContain(
      `${task}  active  “mend the tests”`,
    )
    const steps = rows((await remit('iris', ['task', 'replay', task, '--json'])).stdout)
    const calls = steps.filter(({ title }) => String(title).startsWith('filesystem__'))
    expect(calls).toMatchObject([
      {
        title: 'filesystem__read_text_file',
        decided: expect.arrayContaining([expect.stringMatching(/^allow/)]) as string[],
        consent: [],
      },
      {
        title: 'filesystem__write_file',
        verdict: 'ok',
        decided: expect.arrayContaining([
          expect.stringMatching(/^consent/),
          expect.stringMatching(/^allow/),
        ]) as string[],
        consent: expect.arrayContaining([expect.stringContaining('granted by mona')]) as string[],
      },
    ])
    const write = calls[1] as { asked: string[]; records: number[] }
    expect(write.asked.join('\n')).toContain('on: push')
    const bare = (await remit('adam', ['task', 'replay', task])).stdout
    expect(bare).toContain('for auditors')
    expect(bare).not.toContain('on: push')
    const reads = await remit('iris', ['audit', 'query', 'kind = audit.read and actor = adam', '--count'])
    expect(Number(reads.stdout)).toBeGreaterThan(0)
  })
})
