import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { ServerKey } from '../../src/core/ids.ts'
import type { Log } from '../../src/core/log.ts'
import { PooledUpstream } from '../../src/mcp/upstream-pool.ts'
import type { UpstreamSession } from '../../src/mcp/upstream.ts'
import { type ServerConfig } from '../../src/server/config-schema.ts'
import { serverSchema } from '../../src/server/config-server-schema.ts'
import { findBubblewrap } from '../../src/server/sandbox/find-bubblewrap.ts'
import { ServerLauncher } from '../../src/server/sandbox/server-launcher.ts'
import { hasBubblewrap } from '../support/require-bubblewrap.ts'
import { ROOT } from '../support/running-gateway.ts'

const SCRIPT = join(ROOT, 'test', 'support', 'taken-over-upstream.ts')
const FILESYSTEM = join(ROOT, 'node_modules/@modelcontextprotocol/server-filesystem/dist/index.js')

let base: string
let home: string
let state: string
let project: string
const heard: string[] = []
const log: Log = { log: (_level, event, fields) => heard.push(`${event} ${JSON.stringify(fields)}`) }
const open: PooledUpstream[] = []

beforeAll(() => {
  base = mkdtempSync(join(tmpdir(), 'remit-confine-'))
  home = join(base, 'home')
  state = join(home, '.remit')
  project = join(home, 'project')
  const write = (path: string, text: string): void => {
    mkdirSync(join(path, '..'), { recursive: true })
    writeFileSync(path, text)
  }
  write(join(state, 'ledger.sqlite'), 'the ledger')
  write(join(state, 'keys', 'task-token.pem'), 'the key')
  write(join(home, '.ssh', 'id_ed25519'), 'the ssh key')
  write(join(home, 'other', 'diary.txt'), 'another project')
  write(join(project, 'readme.txt'), 'granted')
  write(join(project, 'config', 'remit.yaml'), 'servers: {}')
  write(join(project, 'config', 'policies', 'own.cedar'), 'forbid(principal, action, resource);')
  symlinkSync(join(home, '.ssh'), join(project, 'link'))
})

afterEach(async () => {
  await Promise.all(open.splice(0).map((upstream) => upstream.close()))
})

afterAll(() => {
  rmSync(base, { recursive: true, force: true })
})

interface Wish {
  readonly server?: Readonly<Record<string, unknown>>
  readonly path?: string
}

function upstreamOf({ server = {}, path = process.env['PATH'] ?? '' }: Wish = {}): PooledUpstream {
  const config: ServerConfig = serverSchema.parse({ command: process.execPath, args: [SCRIPT], ...server })
  const launcher = new ServerLauncher({
    server: config,
    env: { HOME: home, ...config.env },
    folder: join(project, 'config'),
    own: join(state, 'servers', 'suspect'),
    withheld: {
      control: [state, join(project, 'config', 'remit.yaml'), join(project, 'config', 'policies')],
      program: [join(ROOT, 'src')],
      credentials: [join(home, '.ssh')],
    },
    bubblewrap: () => findBubblewrap(path),
  })
  const { command = '', args = [] } = config
  const upstream = new PooledUpstream(
    {
      key: 'suspect' as ServerKey,
      transport: { kind: 'stdio', command, args, env: {}, launcher },
      era: 'legacy',
      session: 'shared',
      timeout: 20_000,
    },
    { client: { name: 'remit', version: '0' }, log },
  )
  open.push(upstream)
  return upstream
}

async function callTool(session: UpstreamSession, name: string, args: object): Promise<string> {
  const { content } = await session.request({
    method: 'tools/call',
    params: { name, arguments: { ...args } },
    signal: AbortSignal.timeout(20_000),
    clientCapabilities: {},
  })
  return (content as readonly { readonly text: string }[])[0]?.text ?? ''
}

/** Runs each piece of code in the server: what it came to, as JSON, or how it failed. */
async function take(wish: Wish, codes: readonly string[]): Promise<readonly string[]> {
  const session = await upstreamOf(wish).session('a')
  const answers: string[] = []
  for (const code of codes) answers.push(await callTool(session, 'run', { code }))
  return answers
}

const read = (path: string): string => `return fs.readFileSync(${JSON.stringify(path)}, 'utf8')`
const GONE = expect.stringMatching(/^failed: .*(?:ENOENT|EACCES|EROFS|EBUSY|EPERM)/)

describe.skipIf(!hasBubblewrap())('a stdio server that was taken over, in bubblewrap', () => {
  test('R-SEC-1: finds neither state, keys, credentials nor anything that it was not granted', async () => {
    const answers = await take({}, [
      ...['ledger.sqlite', 'keys/task-token.pem'].map((name) => read(join(state, name))),
      read(join(home, '.ssh', 'id_ed25519')),
      read(join(home, 'other', 'diary.txt')),
      read(join(project, 'readme.txt')),
      read('/etc/shadow'),
      `fs.writeFileSync(${JSON.stringify(join(ROOT, 'src', 'planted.ts'))}, '')`,
      `fs.writeFileSync('/usr/planted', '')`,
      `process.kill(${process.pid}, 'SIGKILL')`,
    ])
    expect(answers.slice(0, -1)).toEqual(answers.slice(0, -1).map(() => GONE))
    // There is no process of that number inside, or it is one of its own.
    expect(answers.at(-1)).toMatch(/ESRCH|null/)
    expect(process.kill(process.pid, 0)).toBe(true)
  })

  test('R-SEC-1: sees no process but its own, no environment but what it was given, and holds no capability', async () => {
    process.env['REMIT_TEST_SECRET'] = 'leaked-through-the-environment'
    const [processes, environs, caps, names] = await take({ server: { env: { TOKEN: 't' } } }, [
      `return fs.readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name)).length`,
      `return fs.readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name)).map((id) => { try { return fs.readFileSync('/proc/' + id + '/environ', 'utf8') } catch { return '' } }).join()`,
      `return /CapEff:\\s*(\\w+)/.exec(fs.readFileSync('/proc/self/status', 'utf8'))[1]`,
      `return Object.keys(process.env).sort()`,
    ])
    expect(Number(processes)).toBeLessThanOrEqual(2)
    expect(environs).not.toContain('leaked-through-the-environment')
    expect(caps).toBe('"0000000000000000"')
    expect(names).toBe('["HOME","PATH","PWD","TOKEN"]')
  })

  test('R-SEC-1: a folder that holds the configuration can be granted; the configuration cannot be had or replaced', async () => {
    const config = join(project, 'config')
    const answers = await take({ server: { sandbox: { write: [project] } } }, [
      read(join(project, 'readme.txt')),
      `fs.writeFileSync(${JSON.stringify(join(project, 'made.txt'))}, 'made')`,
      read(join(config, 'remit.yaml')),
      `return fs.readdirSync(${JSON.stringify(join(config, 'policies'))})`,
      `fs.writeFileSync(${JSON.stringify(join(config, 'remit.yaml'))}, 'servers: {evil: {}}')`,
      `fs.writeFileSync(${JSON.stringify(join(config, 'policies', 'all.cedar'))}, '')`,
      `fs.renameSync(${JSON.stringify(join(config, 'remit.yaml'))}, ${JSON.stringify(join(config, 'old'))})`,
      `fs.renameSync(${JSON.stringify(config)}, ${JSON.stringify(join(project, 'old'))})`,
      read(join(project, 'link', 'id_ed25519')),
    ])
    expect(answers.slice(0, 2)).toEqual(['"granted"', 'null'])
    expect(answers[2]).not.toContain('servers')
    expect(answers[3]).toBe('[]')
    expect(answers.slice(4)).toEqual(answers.slice(4).map(() => GONE))
    expect(readFileSync(join(project, 'made.txt'), 'utf8')).toBe('made')
    expect(readFileSync(join(config, 'remit.yaml'), 'utf8')).toBe('servers: {}')
  })

  test('R-SEC-1: a grant of the whole home shows neither Remit’s folder nor credentials; one of Remit’s folder is refused', async () => {
    const answers = await take({ server: { sandbox: { read: [home] } } }, [
      read(join(home, 'other', 'diary.txt')),
      `return fs.readdirSync(${JSON.stringify(state)})`,
      `return fs.readdirSync(${JSON.stringify(join(home, '.ssh'))})`,
    ])
    expect(answers).toEqual(['"another project"', '[]', '[]'])
    const greedy = upstreamOf({ server: { sandbox: { write: [join(state, 'keys')] } } })
    await expect(greedy.session('a')).rejects.toThrow(/is Remit’s own/)
  })

  test('R-MCP-2: its home is its own and stays; a link that it plants there leads no later mount astray', async () => {
    const evil = { server: {} }
    const outside = join(base, 'outside')
    mkdirSync(outside)
    await take(evil, [
      `fs.writeFileSync(process.env.HOME + '/kept.txt', 'kept'); fs.symlinkSync(${JSON.stringify(outside)}, process.env.HOME + '/project')`,
    ])
    expect(existsSync(join(home, 'kept.txt'))).toBe(false)
    const granted = { server: { sandbox: { write: [join(project, 'config')] } } }
    const answers = await take(granted, [
      `return process.cwd() === process.env.HOME`,
      read(join(home, 'kept.txt')),
      `fs.writeFileSync(${JSON.stringify(join(project, 'config', 'new.txt'))}, '')`,
    ])
    expect(answers).toEqual(['true', '"kept"', 'null'])
    expect(existsSync(join(project, 'config', 'new.txt'))).toBe(true)
    expect(existsSync(join(outside, 'config'))).toBe(false)
  })

  test('R-REL-1: is asked to end and then ends with everything that it started, whatever it detached', async () => {
    const upstream = upstreamOf()
    const session = await upstream.session('a')
    const mark = `remit-daemon-${process.pid}`
    const daemon = `child.spawn('sleep', ['1234.5'], { argv0: ${JSON.stringify(mark)}, detached: true, stdio: 'ignore' }).unref()`
    await callTool(session, 'run', { code: `${daemon}; await new Promise((done) => setTimeout(done, 100))` })
    expect(running(mark)).toBe(true)
    heard.splice(0)
    await upstream.close()
    await expect.poll(() => running(mark), { timeout: 5_000, interval: 20 }).toBe(false)
    expect(heard.join('\n')).toContain('asked to end')
  })

  test('R-SEC-1: without a network where that is said', async () => {
    const code = `return Object.values((await import('node:os')).networkInterfaces()).flat().filter((each) => !each.internal).length + fs.readFileSync('/proc/net/route', 'utf8').trim().split('\\n').length`
    expect(await take({ server: { sandbox: { network: 'none' } } }, [code])).toEqual(['1'])
  })

  test('R-MCP-2: an ordinary server works, with the folder that its arguments name', async () => {
    const upstream = upstreamOf({ server: { args: [FILESYSTEM, project] } })
    const session = await upstream.session('a')
    expect(await callTool(session, 'read_text_file', { path: join(project, 'readme.txt') })).toBe('granted')
    const path = join(project, 'written.txt')
    await callTool(session, 'write_file', { path, content: 'by the server' })
    expect(readFileSync(path, 'utf8')).toBe('by the server')
  })
})

test('R-SEC-1: without bubblewrap `required` starts nothing and says how to mend it, `auto` runs and says that it is unconfined', async () => {
  const path = join(base, 'empty')
  const strict = upstreamOf({ server: { sandbox: { mode: 'required' } }, path })
  await expect(strict.session('a')).rejects.toMatchObject({
    code: 'upstream_unavailable',
    message: expect.stringMatching(/sandbox\.mode: required.*bubblewrap.*docs\/servers\.md/),
  })
  const { transport } = upstreamOf({ path }).config
  expect(transport.kind === 'stdio' && transport.launcher?.confinement).toEqual({
    confined: false,
    reason: expect.stringMatching(/bubblewrap/),
  })
  expect(await take({ path }, ['return 1'])).toEqual(['1'])
})

function running(mark: string): boolean {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .some((id) => {
      try {
        return readFileSync(`/proc/${id}/cmdline`, 'utf8').startsWith(mark)
      } catch {
        return false
      }
    })
}
