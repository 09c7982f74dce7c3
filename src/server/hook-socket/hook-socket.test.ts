import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { createServer, request, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { AnswerKey } from './answer-key.ts'
import { openHookFolder } from './hook-folder.ts'
import { startHookRelay } from './hook-relay.ts'
import { openHookSocket } from './open-hook-socket.ts'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'hk-'))
})
afterEach(() => {
  vi.restoreAllMocks()
  rmSync(root, { recursive: true, force: true })
})

describe('R-AGT-1: the folder of the sockets', () => {
  test('is the user’s alone, below the runtime folder, else below the state folder', () => {
    const runtime = openHookFolder({ XDG_RUNTIME_DIR: root, HOME: '/nowhere' })
    const state = openHookFolder({ XDG_RUNTIME_DIR: join(root, 'gone'), HOME: root })
    expect([runtime, state]).toEqual([
      join(root, 'remit', 'hooks'),
      join(root, '.local', 'state', 'remit', 'hooks'),
    ])
    for (const folder of [runtime, state]) expect(lstatSync(folder).mode & 0o777).toBe(0o700)
  })

  const wrong: readonly (readonly [string, (folder: string) => void, RegExp])[] = [
    [
      'others may enter',
      (folder) => {
        mkdirSync(folder, { mode: 0o755 })
        chmodSync(folder, 0o755)
      },
      /chmod 700/,
    ],
    [
      'is a link',
      (folder) => {
        symlinkSync(tmpdir(), folder)
      },
      /not a folder/,
    ],
    [
      'another user made',
      (folder) => {
        mkdirSync(folder, { mode: 0o700 })
        vi.spyOn(process, 'getuid').mockReturnValue(4711)
      },
      /another user/,
    ],
    [
      'is in a repository',
      () => {
        mkdirSync(join(root, '.git'))
      },
      /repository/,
    ],
  ]
  test.each(wrong)('is none that %s', (_, make, words) => {
    mkdirSync(join(root, 'remit'), { mode: 0o700 })
    make(join(root, 'remit', 'hooks'))
    expect(() => openHookFolder({ XDG_RUNTIME_DIR: root })).toThrow(words)
  })

  test('is none whose path is too long for a socket', async () => {
    const runtime = join(root, 'x'.repeat(100))
    mkdirSync(runtime, { mode: 0o700 })
    await expect(open(runtime)).rejects.toThrow(/too long/)
  })

  test('is empty again when the connection ends', async () => {
    const end = await open(root)
    const folder = join(root, 'remit', 'hooks')
    const names = readdirSync(folder)
    const socket = names.find((name) => name.endsWith('.sock')) ?? ''
    const place = names.find((name) => !name.endsWith('.sock')) ?? ''
    const [key = ''] = readdirSync(join(folder, place))
    expect([socket, join(place, key)].map((name) => lstatSync(join(folder, name)).mode & 0o777)).toEqual([
      0o600, 0o600,
    ])
    await end()
    expect(readdirSync(folder)).toEqual([])
  })
})

function open(runtime: string): Promise<() => Promise<void>> {
  return openHookSocket({
    environ: { XDG_RUNTIME_DIR: runtime },
    agent: 'codex',
    endpoint: 'http://127.0.0.1:9/mcp',
    access: ACCESS,
    task: 'tsk_1',
  })
}

const ACCESS = { headers: async () => ({ authorization: 'DPoP token' }), asksForNonce: () => false }

test('R-AGT-1: the keys for shells are those of RFC 2104', () => {
  const made = new AnswerKey()
  const [hex, inner, outer] = made.lines()
  const bytes = (escaped: string): Buffer =>
    Buffer.from(
      escaped
        .split('\\')
        .slice(1)
        .map((octal) => Number.parseInt(octal, 8)),
    )
  const key = Buffer.from(hex, 'hex')
  const padded = (pad: number): Buffer =>
    Buffer.from(Buffer.concat([key, Buffer.alloc(64 - key.length)]).map((byte) => byte ^ pad))
  expect([bytes(inner), bytes(outer)]).toEqual([padded(0x36), padded(0x5c)])
  const signed = made.sign({ nonce: 'n', status: 200, answer: 'a', request: Buffer.from('r') })
  expect(signed).toBe(createHmac('sha256', key).update('n\n200\na\nr').digest('hex'))
})

describe('R-AGT-1: the socket hands on', () => {
  const asked: IncomingMessage[] = []
  const gateway = createServer((incoming, response) => {
    asked.push(incoming)
    incoming.resume()
    response.end('two\n lines\n')
  })
  let relay: Awaited<ReturnType<typeof startHookRelay>>
  let path: string
  beforeEach(async () => {
    asked.length = 0
    gateway.listen(0, '127.0.0.1')
    await once(gateway, 'listening')
    const { port } = gateway.address() as AddressInfo
    path = join(root, 'sock')
    const endpoint = `http://127.0.0.1:${port}/t/acme/mcp`
    relay = await startHookRelay({ path, agent: 'codex', endpoint, access: ACCESS, key: new AnswerKey() })
  })
  afterEach(async () => {
    await relay.close()
    gateway.closeAllConnections()
    gateway.close()
  })

  async function send(
    to: { readonly path?: string; readonly method?: string; readonly headers?: Record<string, string> },
    body = '{}',
  ): Promise<{ readonly status: number | undefined; readonly lines: string[] }> {
    const {
      path: url = '/hooks/v1/codex',
      method = 'POST',
      headers = { 'remit-hook-nonce': 'a'.repeat(32) },
    } = to
    const sent = request({ socketPath: path, path: url, method, headers })
    sent.on('error', () => undefined)
    sent.end(body)
    const [response] = (await once(sent, 'response')) as [IncomingMessage]
    return { status: response.statusCode, lines: (await text(response)).split('\n') }
  }

  test('hooks of its agent, for the task, and of their headers what the door reads', async () => {
    const nonce = { 'remit-hook-nonce': 'a'.repeat(32) }
    const headers = { ...nonce, 'remit-hook-form': 'command', authorization: 'Bearer mine', cookie: 'a=b' }
    const { lines } = await send({ headers })
    expect(lines).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/), '200', 'two lines'])
    expect(asked[0]).toMatchObject({
      url: '/t/acme/hooks/v1/codex',
      headers: { authorization: 'DPoP token', 'remit-hook-form': 'command' },
    })
    expect(asked[0]?.headers).not.toHaveProperty('cookie')
    expect(asked[0]?.headers).not.toHaveProperty('remit-hook-nonce')
  })

  test.each([
    ['another agent', { path: '/hooks/v1/claude-code' }],
    ['another door', { path: '/mcp' }],
    ['what begins alike', { path: '/hooks/v1/codex/../claude-code' }],
    ['another method', { method: 'PUT' }],
  ])('nothing for %s', async (_, to) => {
    expect((await send(to)).lines[1]).toBe('404')
    expect(asked).toEqual([])
  })

  test.each([
    ['without a nonce', {}, '{}'],
    ['with a nonce that is none', { 'remit-hook-nonce': 'short' }, '{}'],
    ['longer than any hook', { 'remit-hook-nonce': 'a'.repeat(32), 'content-length': '99999999' }, ''],
  ])('nothing %s, and signs nothing', async (_, headers, body) => {
    expect(await send({ headers }, body)).toEqual({ status: 400, lines: [''] })
    expect(asked).toEqual([])
  })

  test('nothing when it has ended', async () => {
    await relay.close()
    expect(existsSync(path)).toBe(false)
  })
})
