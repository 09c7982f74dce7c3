import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer, connect, type AddressInfo } from 'node:net'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { agentHome } from './agent-home.ts'
import { boxEnvironment, openEnvironment } from './box-environment.ts'
import { makeBoxHome } from './box-home.ts'
import { comesFromBelow } from './box-processes.ts'
import { planBox } from './plan-box.ts'
import { prepareAgent } from './run-agent.ts'

let root: string
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'remit-box-')))
  for (const each of ['home/.claude', 'work/.git/hooks', 'work/.remit', 'inside']) {
    mkdirSync(join(root, each), { recursive: true })
  }
  writeFileSync(join(root, 'work', '.git', 'config'), '')
})
afterEach(() => {
  rmSync(root, { recursive: true, force: true })
})

function plan(more: { workspace?: string; read?: readonly string[] } = {}): ReturnType<typeof planBox> {
  const { workspace = 'work', read = [] } = more
  return planBox({
    program: '/bin/true',
    args: [],
    workspace: join(root, workspace),
    cwd: join(root, workspace),
    home: { path: join(root, 'home'), from: join(root, 'inside') },
    data: [],
    read: read.map((each) => join(root, each)),
    own: [],
    path: '/usr/bin',
    withheld: { control: [join(root, 'work', '.remit')], program: [], credentials: [] },
  })
}

describe('R-BOX-1: no box has', () => {
  const refused: readonly (readonly [string, Parameters<typeof plan>[0]])[] = [
    ['Remit’s own state as its workspace', { workspace: 'work/.remit' }],
    ['Remit’s own state to read', { read: ['work/.remit'] }],
    ['the home of its human as its workspace', { workspace: 'home' }],
    ['a folder around the home as its workspace', { workspace: '.' }],
  ]
  test.each(refused)('no box has %s', (_name, more) => {
    expect(() => plan(more)).toThrow(expect.objectContaining({ code: 'input_invalid' }))
  })

  test('a way to what programs outside of it run the next time, or to Remit’s state in the workspace', () => {
    const { mounts } = plan()
    const at = (name: string): unknown => mounts.find(({ path }) => path === join(root, 'work', name))
    expect([at('.git/hooks'), at('.git/config'), at('.git'), at('.remit')]).toMatchObject([
      { kind: 'read' },
      { kind: 'read' },
      { kind: 'write' },
      { kind: 'hide' },
    ])
  })

  test('more of the environment than what is plain and what is named', () => {
    const environ = { PATH: '/usr/bin', LC_ALL: 'C', AWS_PROFILE: 'x', MINE: 'y', REMIT_APPROVER: 'z' }
    expect(boxEnvironment(environ, ['MINE', 'REMIT_APPROVER'])).toEqual({
      PATH: '/usr/bin',
      LC_ALL: 'C',
      MINE: 'y',
    })
    expect(openEnvironment(environ)).not.toHaveProperty('REMIT_APPROVER')
  })

  test('a program that cannot be boxed, unless that is said', () => {
    const start = (boxed: boolean): unknown =>
      prepareAgent(
        { environ: { PATH: '/nowhere' }, cwd: root },
        { command: ['/bin/true'], workspace: root, boxed },
      )
    expect(() => start(true)).toThrow(
      expect.objectContaining({ message: expect.stringContaining('--no-sandbox') as string }),
    )
    expect(start(false)).toMatchObject({ bubblewrap: undefined })
  })
})

describe('R-BOX-1: the home of a box', () => {
  const login = '.claude/.credentials.json'
  test.each([
    [
      'a link',
      (path: string) => {
        symlinkSync('/etc/hostname', path)
      },
    ],
    [
      'no JSON',
      (path: string) => {
        writeFileSync(path, 'rm -rf')
      },
    ],
    [
      'a folder',
      (path: string) => {
        mkdirSync(path)
      },
    ],
    ['nothing', () => undefined],
  ])('what a box leaves in the place of a login is only taken when it is one: %s', (_name, leave) => {
    writeFileSync(join(root, 'home', login), '{"login":1}')
    const made = makeBoxHome(agentHome('claude'), join(root, 'home'))
    rmSync(join(made.path, login))
    leave(join(made.path, login))
    made.end()
    expect(readFileSync(join(root, 'home', login), 'utf8')).toBe('{"login":1}')
    expect(existsSync(dirname(made.path))).toBe(false)
  })

  test('has nothing for a program that is not known', () => {
    writeFileSync(join(root, 'home', login), '{}')
    const made = makeBoxHome(agentHome('constructor'), join(root, 'home'))
    expect(existsSync(join(made.path, '.claude'))).toBe(false)
    made.end()
  })
})

test.skipIf(process.platform !== 'linux')(
  'R-BOX-1: a connection is known by the process that made it',
  async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const client = connect(port, '127.0.0.1')
    await once(client, 'connect')
    const connection = { from: client.localPort ?? 0, to: port }
    const others = 2 ** 22 + 1
    expect([comesFromBelow(connection, process.pid), comesFromBelow(connection, others)]).toEqual([
      true,
      false,
    ])
    expect(comesFromBelow({ from: 1, to: port }, process.pid)).toBe(false)
    client.destroy()
    server.close()
  },
)
