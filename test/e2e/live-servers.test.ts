import { chmodSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Client } from '@modelcontextprotocol/client'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { RecordsAnswer, StatusAnswer } from '../../src/api/contract.ts'
import { runCommand } from '../../src/cli/run-command.ts'
import { callTool, connectClient } from '../support/mcp-client.ts'
import { APPROVER_CODE, ROOT, startGateway, type RunningGateway } from '../support/running-gateway.ts'

const WAIT = { timeout: 20_000, interval: 25 }
const WAITING = join(ROOT, 'test', 'support', 'waiting-stdio-server.ts')

let gateway: RunningGateway
let client: Client
/** What stands before `servers` in the file. */
let head: string
let heard = 0

const UNCONFINED = '    sandbox: { mode: off }\n'

const server = (key: string, says: string, more = ''): string => `  ${key}:
    command: ${process.execPath}
    args: ["${WAITING}", "${says}", "${gateway?.home ?? '@home'}"]
    session: shared
    fileSystem: none
    # Other arguments are another server, which would wait for a review.
    trust: updates
    tools:
      say: { actions: [data.read] }
      wait: { actions: [data.read] }
${more}`

/** In the way of an editor that saves in one step. */
function save(text: string): void {
  const file = join(gateway.home, 'remit.yaml')
  writeFileSync(`${file}.new`, text)
  renameSync(`${file}.new`, file)
}

beforeAll(async () => {
  gateway = await startGateway({
    config: ({ home }) => `servers:\n${server('one', 'first').replaceAll('@home', home)}`,
  })
  const text = readFileSync(join(gateway.home, 'remit.yaml'), 'utf8')
  head = text.slice(0, text.indexOf('servers:'))
  client = await connectClient(gateway.agentUrl, gateway.task().token, 'legacy')
  client.setNotificationHandler('notifications/tools/list_changed', () => {
    heard += 1
  })
}, 120_000)

afterAll(async () => {
  await client.close()
  await gateway.remove()
})

const say = (name: string) => callTool(client, name, {}).catch((error: Error) => ({ text: error.message }))

async function records(kind: string): Promise<readonly unknown[]> {
  const answer = await fetch(`${gateway.adminUrl}/records?kind=${kind}&limit=50`, {
    headers: { authorization: `Bearer ${APPROVER_CODE}` },
  })
  return ((await answer.json()) as RecordsAnswer).records.map(({ envelope, detail }) => ({
    ...envelope,
    detail,
  }))
}

test('R-REL-1: a server that is added to the file is there without a restart, on record, and clients are told', async () => {
  expect(await say('one__say')).toMatchObject({ text: 'first' })
  const before = heard
  save(`${head}servers:\n${server('one', 'first')}${server('two', 'other', UNCONFINED)}`)
  await vi.waitFor(() => expect(heard).toBeGreaterThan(before), WAIT)
  expect(await say('two__say')).toMatchObject({ text: 'other' })
  expect(await records('server.changed')).toMatchObject([
    {
      actor: 'config-file',
      data: {
        added: ['two'],
        removed: [],
        changed: {},
        replaced: [],
        unconfined: expect.arrayContaining(['two']),
      },
    },
  ])
})

test('R-REL-1: a server that is replaced answers the calls in flight, and the next goes to the new one, which is the same by its pins', async () => {
  const running = [1, 2, 3].map(() => say('one__wait'))
  await vi.waitFor(() => expect(readFileSync(join(gateway.home, 'waiting'), 'utf8')).toBe('...'), WAIT)
  save(`${head}servers:\n${server('one', 'second')}${server('two', 'other', UNCONFINED)}`)
  await vi.waitFor(async () => expect(await say('one__say')).toMatchObject({ text: 'second' }), WAIT)
  expect(await say('two__say')).toMatchObject({ text: 'other' })
  writeFileSync(join(gateway.home, 'go'), '')
  expect(await Promise.all(running)).toMatchObject(running.map(() => ({ isError: false, text: 'first' })))
  expect((await records('server.changed'))[0]).toMatchObject({
    data: { changed: { one: ['args'] }, replaced: ['one'] },
  })
})

test('R-REL-1: a bad file leaves the servers in force, and says where it is bad in the log, the status and on record', async () => {
  save(`${head}servers:\n${server('one', 'third')}  three:\n    comand: x\n`)
  await vi.waitFor(async () => expect(await records('config.refused')).toHaveLength(1), WAIT)
  const place = /remit\.yaml:\d+:5: `servers\.three\.comand` is not a key that Remit knows/
  await vi.waitFor(() => expect(gateway.output()).toMatch(place), WAIT)
  expect(JSON.stringify(await records('config.refused'))).toMatch(place)
  expect((await type(['status'])).stdout).toMatch(place)
  expect(await say('one__say')).toMatchObject({ text: 'second' })
  save('')
  await vi.waitFor(async () => expect(await records('config.refused')).toHaveLength(2), WAIT)
  expect(await say('two__say')).toMatchObject({ text: 'other' })
})

test('R-REL-1: a server that is taken out goes, with its endpoint; what only a restart takes over is said', async () => {
  save(`${head}consent: { hold: 40s }\nservers:\n${server('one', 'second')}`)
  await vi.waitFor(
    async () =>
      expect(await say('two__say')).toMatchObject({ text: expect.stringContaining('no server `two`') }),
    WAIT,
  )
  expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(['one__say', 'one__wait'])
  expect((await fetch(`${gateway.agentUrl}/two`, { method: 'POST', body: '{}' })).status).toBe(404)
  const status = JSON.parse((await type(['status', '--json'])).stdout) as StatusAnswer
  expect(status.config).toEqual({ file: join(gateway.home, 'remit.yaml'), needsRestart: ['consent'] })
  expect(gateway.output()).toContain('only a restart takes that over')
  expect(JSON.parse((await type(['servers', 'reload', '--json'])).stdout)).toMatchObject({
    status: 'unchanged',
    servers: ['one'],
  })
})

interface Typed {
  readonly status: number
  readonly stdout: string
  readonly stderr: string
}

/** As a person types it in the folder of the gateway; in this process, which is quicker than one for each. */
async function type(args: readonly string[], more: Readonly<Record<string, string>> = {}): Promise<Typed> {
  let [stdout, stderr] = ['', '']
  const status = await runCommand(args, {
    environ: { PATH: process.env['PATH'], ...more },
    cwd: gateway.home,
    out: (text) => (stdout += text),
    err: (text) => (stderr += text),
    colour: false,
    stopped: new AbortController().signal,
  })
  return { status, stdout, stderr }
}

test('R-MCP-3: a server is added by command, shown, reviewed, called and removed; the file is as before', async () => {
  const file = join(gateway.home, 'remit.yaml')
  save(`${head}servers:\n${server('one', 'second')}`)
  chmodSync(file, 0o640)
  const before = readFileSync(file, 'utf8')
  const about = ['--owner', 'mona', '--purpose', 'says things']
  const words = ['servers', 'add', 'three', ...about, '--session', 'shared']
  const command = ['--', process.execPath, WAITING, 'third', gateway.home]
  expect((await type([...words, '--dry-run', ...command])).stdout).toContain('+    purpose: says things')
  expect(readFileSync(file, 'utf8')).toBe(before)
  const added = await type([...words, ...command])
  expect(added.stderr).toBe('')
  expect(added.stdout).toMatch(
    /^three answers, .*, 2 tools\n {2}say {2}Says its name\n {2}wait [^]*gateway: in force now\n2 tools are off: remit servers review three\n$/,
  )
  expect(statSync(file).mode & 0o777).toBe(0o640)
  expect((await client.listTools()).tools.map(({ name }) => name)).not.toContain('three__say')
  const code = { REMIT_APPROVER: APPROVER_CODE }
  expect(
    (await type(['servers', 'review', 'three', '--approve', 'say', '--action', 'data.read'], code)).status,
  ).toBe(0)
  expect(await say('three__say')).toMatchObject({ text: 'third' })
  expect((await type(['servers', 'list'])).stdout).toMatch(
    /^three +up +(legacy|modern) +stdio, (?:un)?confined +1 on, 1 off +mona +says things\n {2}1 to review/m,
  )
  expect((await type(['servers', 'remove', 'three'])).stdout).toMatch(/gateway: in force now\n$/)
  expect(readFileSync(file, 'utf8')).toBe(before)
  expect(await say('three__say')).toMatchObject({ text: expect.stringContaining('no server `three`') })
})

test('R-MCP-3: what does not answer, is there already, or would write a secret in clear is not added', async () => {
  const before = readFileSync(join(gateway.home, 'remit.yaml'), 'utf8')
  const about = ['--owner', 'mona', '--purpose', 'x']
  const refused = [
    [['bad', ...about, '--', process.execPath, '-e', '0'], 1, /`bad` was tried: [^]*nothing was written/],
    [['one', ...about, '--url', 'https://a.example/mcp'], 1, /has a server `one` already/],
    [['s', ...about, '--url', 'https://a.example/mcp', '--header', 'X: secret:no'], 1, /needs the secret/],
    [['s', ...about, '--env', 'TOKEN=t0ken-in-clear', '--', 'x'], 2, /looks like a secret/],
  ] as const
  for (const [args, status, message] of refused) {
    const result = await type(['servers', 'add', ...args])
    expect([result.status, result.stderr]).toEqual([status, expect.stringMatching(message)])
    expect(result.stderr).not.toContain('t0ken')
  }
  expect(readFileSync(join(gateway.home, 'remit.yaml'), 'utf8')).toBe(before)
})

test('R-MCP-3: servers of another program are imported with their secrets left behind, and are off until reviewed', async () => {
  const file = join(gateway.home, 'remit.yaml')
  const before = readFileSync(file, 'utf8')
  const entry = {
    command: process.execPath,
    args: [WAITING, 'fourth', gateway.home],
    env: { A_TOKEN: 't0ken-in-clear' },
  }
  writeFileSync(
    join(gateway.home, 'mcp.json'),
    JSON.stringify({
      mcpServers: { 'Number Four': entry, five: { type: 'sse', url: 'https://five.example/sse' } },
    }),
  )
  const words = ['servers', 'import', 'mcp.json', '--owner', 'mona']
  const refused = await type(words)
  expect([refused.status, refused.stderr]).toEqual([
    1,
    expect.stringMatching(/`five` speaks the SSE[^]*nothing was written/),
  ])
  const without = await type([...words, '--skip-bad'])
  expect(without.stderr).toContain('needs the secret `number-four-a-token`')
  expect(readFileSync(file, 'utf8')).toBe(before)
  writeFileSync(join(gateway.home, '.remit', 'secrets', 'number-four-a-token'), 't0ken-in-clear', {
    mode: 0o600,
  })
  const imported = await type([...words, '--skip-bad'])
  expect(imported.stdout).toMatch(/number-four answers[^]*gateway: in force now\n2 tools are off/)
  expect(readFileSync(file, 'utf8')).toContain(
    'A_TOKEN: secret:number-four-a-token\n    trust: review\n    owner: mona',
  )
  expect(imported.stdout + imported.stderr + without.stderr + readFileSync(file, 'utf8')).not.toContain(
    't0ken',
  )
})

test('R-ID-6, R-THR-1: calls in flight of a human who is taken out of the file are cancelled, and the next are refused', async () => {
  save(`${head}servers:\n${server('one', 'second')}`)
  await vi.waitFor(async () => expect(await say('one__say')).toMatchObject({ text: 'second' }), WAIT)
  writeFileSync(join(gateway.home, 'waiting'), '')
  rmSync(join(gateway.home, 'go'), { force: true })
  const running = say('one__wait')
  await vi.waitFor(() => expect(readFileSync(join(gateway.home, 'waiting'), 'utf8')).toBe('.'), WAIT)
  save(`${head.replace('id: alice', 'id: ada')}servers:\n${server('one', 'second')}`)
  expect(await running).toMatchObject({ text: expect.stringContaining('ended while this call was out') })
  expect((await records('outcome'))[0]).toMatchObject({ outcome: { status: 'cancelled' } })
  expect(await say('one__say')).toMatchObject({ text: expect.stringContaining('not known here any more') })
})
