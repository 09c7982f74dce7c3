import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freePort } from '../support/free-port.ts'
import { ROOT } from '../support/running-gateway.ts'
import { bareEnviron } from '../support/shared-caches.ts'

const REMIT = join(ROOT, 'bin', 'remit')

let home: string
let environ: NodeJS.ProcessEnv
let child: ChildProcess
let printed = ''
let ports: { readonly agent: number; readonly admin: number }

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'remit-start-'))
  mkdirSync(join(home, '.gemini'))
  ports = { agent: await freePort(), admin: await freePort() }
  environ = {
    ...bareEnviron(),
    HOME: home,
    REMIT_LISTEN_AGENT: `127.0.0.1:${ports.agent}`,
    REMIT_LISTEN_ADMIN: `localhost:${ports.admin}`,
  }
  await begin()
}, 240_000)

afterAll(() => {
  child.kill('SIGKILL')
  rmSync(home, { recursive: true, force: true })
})

async function begin(): Promise<void> {
  printed = ''
  child = spawn(process.execPath, [REMIT, 'start', '--demo'], { cwd: home, env: environ })
  child.stdout?.on('data', (chunk: Buffer) => (printed += chunk.toString()))
  child.stderr?.on('data', (chunk: Buffer) => (printed += chunk.toString()))
  for (let attempt = 0; attempt < 2_000 && child.exitCode === null; attempt += 1) {
    const answer = await fetch(`http://localhost:${ports.admin}/readyz`).catch(() => undefined)
    if (answer?.ok && printed.includes('approvals watch')) return
    await new Promise((resolve) => {
      setTimeout(resolve, 50)
    })
  }
  throw new Error(`the gateway did not start: ${printed}`)
}

async function end(signal: NodeJS.Signals): Promise<number | null> {
  const ended = new Promise<number | null>((resolve) => {
    child.once('exit', resolve)
  })
  child.kill(signal)
  return ended
}

function remit(args: readonly string[], more: NodeJS.ProcessEnv = {}) {
  return spawnSync(process.execPath, [REMIT, ...args], {
    cwd: home,
    env: { ...environ, ...more },
    encoding: 'utf8',
    timeout: 60_000,
  })
}

describe('R-UX-1: `remit start --demo` in an empty folder', () => {
  test('says where to point an agent, how to delegate and how to decide', () => {
    const connect = `${REMIT} connect --url http://127.0.0.1:${ports.agent}/mcp`
    expect(printed).toContain(
      `claude mcp add --scope user --env REMIT_TASK_TOKEN=$REMIT_TASK_TOKEN --transport stdio remit -- ${connect}`,
    )
    expect(printed).toContain(`codex mcp add remit --env REMIT_TASK_TOKEN=$REMIT_TASK_TOKEN -- ${connect}`)
    expect(printed).toMatch(/over HTTP.*no gate of high severity/s)
    // The agent whose folder lies in this home comes first, by the one line that puts it behind the gateway.
    expect(printed).toMatch(
      /remit init --agent gemini-cli +Gemini CLI, found here\n.*--agent … +one of .*cursor/,
    )
    expect(printed).toContain('remit task create --workflow')
    expect(printed).toContain('remit approvals watch')
    expect(printed).toMatch(/approver code of maintainer: [0-9a-z]{5}(-[0-9a-z]{5}){3}/)
  })

  test('makes a real project with what policies are about', () => {
    const workspace = join(home, '.remit', 'demo', 'workspace')
    for (const file of [
      'src/add.ts',
      'test/add.test.ts',
      'docs/guide.md',
      '.env',
      '.github/workflows/release.yml',
    ]) {
      expect(existsSync(join(workspace, file))).toBe(true)
    }
    const git = spawnSync('git', ['-C', workspace, 'log', '--oneline'], { encoding: 'utf8' })
    expect(git.error === undefined ? git.stdout : 'no git').toMatch(/a project for the demo|no git/)
  })

  test('R-SEC-1: keeps no code, and nothing that others can read', () => {
    const code = /approver code of maintainer: (\S+)/.exec(printed)?.[1] ?? 'missing'
    const state = join(home, '.remit')
    expect(statSync(state).mode & 0o777).toBe(0o700)
    for (const name of ['approvers.json', 'local-credential', 'gateway.json', 'keys/checkpoint.pem']) {
      expect(statSync(join(state, name)).mode & 0o777).toBe(0o600)
      expect(readFileSync(join(state, name), 'utf8')).not.toContain(code)
    }
  })

  test('is found by every command in that folder', () => {
    const status = remit(['status', '--json'])
    expect(status.status).toBe(0)
    expect(JSON.parse(status.stdout)).toMatchObject({
      running: true,
      ready: true,
      planes: { agent: `http://127.0.0.1:${ports.agent}/mcp`, admin: `http://localhost:${ports.admin}` },
      protection: { level: 'advisory' },
      demo: true,
    })
    const servers = remit(['servers', 'list'])
    expect(servers.stdout.split('\n').map((line) => line.split(' ')[0])).toEqual([
      'server',
      'filesystem',
      'memory',
      'tickets',
      '',
    ])
  })

  test('a task is made, shown with its effective scope, and revoked', () => {
    const scope = ['--path', 'src/**', '--path', 'test/**', '--host', '']
    const asked = [
      '--workflow',
      'fix-tests',
      '--intent',
      'make it green',
      '--workspace',
      '.',
      '--expires',
      '30m',
    ]
    const made = remit(['task', 'create', ...asked, ...scope, '--agent', 'claude-code', '--json'])
    expect(made.status).toBe(0)
    const { task, token, url } = JSON.parse(made.stdout) as {
      task: { id: string }
      token: string
      url: string
    }
    expect(url).toBe(`http://127.0.0.1:${ports.agent}/mcp`)
    expect(token.split('.')).toHaveLength(3)
    const shown = remit(['task', 'show', task.id]).stdout
    expect(shown).toMatch(/^paths +src\/\*\*, test\/\*\*$/m)
    expect(shown).toMatch(/^hosts +nothing$/m)
    expect(shown).toMatch(/^servers +no limit beyond policy$/m)
    expect(shown).toMatch(/^workspace +\//m)
    expect(remit(['task', 'list']).stdout).toContain(task.id)
    expect(remit(['task', 'revoke', task.id, '--reason', 'done']).stdout).toBe(`revoked ${task.id}\n`)
    expect(remit(['task', 'show', task.id]).stdout).toMatch(/^state +revoked by .*: done$/m)
    const unknown = remit(['task', 'show', 'tsk_none'])
    expect([unknown.status, unknown.stderr]).toEqual([1, expect.stringContaining('error[task_not_found]')])
  })

  test('R-AUD-2: exports what verifies elsewhere, with the public key alone', () => {
    const file = join(home, 'ledger.jsonl')
    expect(remit(['audit', 'export', '--output', file])).toMatchObject({ status: 0 })
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(remit(['audit', 'verify', '--file', file])).toMatchObject({ status: 0 })
    writeFileSync(file, readFileSync(file, 'utf8').replace('make it green', 'make it groan'))
    const broken = remit(['audit', 'verify', '--file', file])
    expect([broken.status, broken.stdout]).toEqual([1, expect.stringMatching(/broken {2}.*record \d+/)])
    expect(remit(['audit', 'export', '--output', file]).stderr).toContain('name a new file')
  })
})

describe('R-REL-1: starting where something is wrong', () => {
  test('a second gateway on the same folder and ports', () => {
    const second = remit(['start'])
    expect(second.status).toBe(1)
    expect(second.stderr).toContain(`error[port_taken]: port ${ports.agent} of the agent plane is taken`)
    expect(second.stderr).toContain('REMIT_LISTEN_AGENT')
  })

  test('a second gateway on the same folder and other ports', () => {
    const other = { REMIT_LISTEN_AGENT: '127.0.0.1:0', REMIT_LISTEN_ADMIN: 'localhost:0' }
    const second = remit(['start'], other)
    expect([second.status, second.stderr]).toEqual([1, expect.stringContaining('error[state_locked]')])
    expect(JSON.parse(remit(['status', '--json']).stdout)).toMatchObject({ pid: child.pid })
  })

  test('the admin port taken on the other loopback address only', async () => {
    const squatter = createServer()
    const port = await freePort()
    const bound = await new Promise<boolean>((resolve) => {
      squatter.once('error', () => resolve(false))
      squatter.listen(port, '::1', () => resolve(true))
    })
    const elsewhere = mkdtempSync(join(tmpdir(), 'remit-squat-'))
    const second = remit(['start'], {
      REMIT_STATE: join(elsewhere, 'state'),
      REMIT_LISTEN_AGENT: '127.0.0.1:0',
      // Where there is no ::1 at all, the port of the running gateway stands in.
      REMIT_LISTEN_ADMIN: `localhost:${bound ? port : ports.admin}`,
    })
    squatter.close()
    expect([second.status, second.stderr]).toEqual([1, expect.stringContaining('error[port_taken]')])
  })

  test('a stop is orderly and on record, and the next start needs no help and prints no code again', async () => {
    expect(await end('SIGTERM')).toBe(0)
    expect(existsSync(join(home, '.remit', 'gateway.json'))).toBe(false)
    expect(remit(['status']).status).toBe(1)
    await begin()
    expect(printed).not.toContain('approver code of')
    const kinds = remit(['audit', 'tail', '--json', '--lines', '20'])
      .stdout.trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { kind: string }).kind)
    expect(kinds).toContain('gateway.stopped')
    expect(kinds.indexOf('gateway.stopped')).toBeLessThan(kinds.lastIndexOf('gateway.started'))
    expect(remit(['audit', 'verify']).status).toBe(0)
  })

  test('a key that others can read', async () => {
    expect(await end('SIGINT')).toBe(0)
    const key = join(home, '.remit', 'keys', readdirSync(join(home, '.remit', 'keys'))[0] ?? '')
    chmodSync(key, 0o644)
    const refused = remit(['start'])
    expect([refused.status, refused.stderr]).toEqual([1, expect.stringContaining(`run \`chmod 600 ${key}\``)])
    chmodSync(key, 0o600)
  })

  test('a broken configuration and a broken policy', () => {
    writeFileSync(join(home, 'remit.yaml'), 'policies: [packs]\nservers:\n  a: {command: x, erra: modern}\n')
    const config = remit(['start'])
    expect([config.status, config.stderr]).toEqual([
      1,
      expect.stringContaining('remit.yaml:3:19: `servers.a.erra`'),
    ])
    writeFileSync(join(home, 'remit.yaml'), 'policies: [packs]\n')
    const policy = remit(['start'])
    expect([policy.status, policy.stderr]).toEqual([1, expect.stringContaining('error[policy_invalid]')])
  })
})
