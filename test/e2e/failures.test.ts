import { execFileSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { createServer, type Server, type ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { rawCall } from '../support/raw-call.ts'
import { startRecordingUpstream, type RecordingUpstream } from '../support/recording-upstream.ts'
import { startGateway, type RunningGateway } from '../support/running-gateway.ts'

const records = (gateway: RunningGateway): string =>
  gateway.remit(['audit', 'tail', '--json', '--lines', '50']).stdout

/** Answers discovery and lists like a healthy server, and then does to a call what its text says. */
function startUnreliableUpstream(
  healthy: string,
): Promise<{ readonly url: string; readonly server: Server }> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString()
      if (text.includes('"hang"')) return
      if (text.includes('"die"')) return void response.destroy()
      if (text.includes('"babble"')) {
        response.writeHead(200, { 'content-type': 'application/json' })
        return void response.end('{"jsonrpc": "2.0", "id": 1, "result": tru')
      }
      const { host: _host, connection: _connection, ...headers } = request.headers
      void relay(healthy, { body: text, headers: headers as Record<string, string> }, response)
    })
  })
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      const port = typeof address === 'object' && address !== null ? address.port : 0
      resolve({ url: `http://127.0.0.1:${port}/mcp`, server })
    })
  })
}

async function relay(
  healthy: string,
  sent: { readonly body: string; readonly headers: Record<string, string> },
  response: ServerResponse,
): Promise<void> {
  const answer = await fetch(healthy, { method: 'POST', ...sent })
  response.writeHead(answer.status, { 'content-type': 'application/json' })
  response.end(await answer.text())
}

const servers = (url: string): string => `servers:
  probe:
    url: ${url}
    era: modern
    session: shared
    fileSystem: none
    timeout: 3s
    tools:
      echo: { actions: [data.read] }
`

describe('upstreams that fail', () => {
  let upstream: RecordingUpstream
  let unreliable: Awaited<ReturnType<typeof startUnreliableUpstream>>
  let gateway: RunningGateway
  let token: string

  beforeAll(async () => {
    upstream = await startRecordingUpstream()
    unreliable = await startUnreliableUpstream(upstream.url)
    gateway = await startGateway({ config: () => servers(unreliable.url) })
    token = gateway.task().token
  }, 240_000)

  afterAll(async () => {
    await gateway.remove()
    unreliable.server.closeAllConnections()
    unreliable.server.close()
    upstream.close()
  })

  test.each([
    ['hang', /did not answer in 3 s; whether it acted is unknown/],
    ['die', /connection to the server broke; whether it acted is unknown/],
    ['babble', /whether it acted is unknown/],
  ])(
    'R-REL-1: a call whose server does this ends with a clear error and the outcome unknown: %s',
    async (text, message) => {
      const answer = await rawCall(gateway.agentUrl, token, { name: 'probe__echo', arguments: { text } })
      expect(answer.isError).toBe(true)
      expect(answer.text).toMatch(message)
      await expect.poll(() => records(gateway)).toContain('"status":"unknown"')
      // On a busy machine the server may count as silent for a while: nothing is sent until it shows life.
      const next = async () =>
        rawCall(gateway.agentUrl, token, { name: 'probe__echo', arguments: { text: 'well' } })
      await expect.poll(next).toMatchObject({ isError: false, text: 'done' })
    },
  )

  test('R-POL-1: an attempt at a tool that does not exist goes nowhere, and is on record', async () => {
    const answer = await rawCall(gateway.agentUrl, token, { name: 'probe__nonesuch', arguments: { a: 1 } })
    expect(answer.text).toContain('nonesuch')
    const other = await rawCall(gateway.agentUrl, token, { name: 'nowhere__tool', arguments: {} })
    expect(other.isError).toBe(true)
    expect(records(gateway)).toContain('remit:route')
  })
})

const canMount = process.platform === 'linux' && process.getuid?.() === 0
if (!canMount) console.log('skipped: a full disk needs a small tmpfs, which only root on Linux can mount')

describe.skipIf(!canMount)('a full disk', () => {
  let folder: string
  let upstream: RecordingUpstream
  let gateway: RunningGateway

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'remit-full-'))
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=12m', 'tmpfs', folder])
    upstream = await startRecordingUpstream()
    gateway = await startGateway({ under: folder, config: () => servers(upstream.url) })
  }, 240_000)

  afterAll(async () => {
    await gateway.kill('SIGKILL')
    upstream.close()
    execFileSync('umount', ['-l', folder])
    rmSync(folder, { recursive: true })
  })

  test('R-REL-1: no call passes while nothing can be recorded, and all is well again by itself afterwards', async () => {
    const { token } = gateway.task()
    const call = (text: string): ReturnType<typeof rawCall> =>
      rawCall(gateway.agentUrl, token, { name: 'probe__echo', arguments: { text } })
    expect(await call('before')).toMatchObject({ isError: false })

    const filler = join(folder, 'filler')
    const file = openSync(filler, 'w')
    try {
      for (;;) writeSync(file, Buffer.alloc(64 * 1024))
    } catch {
      // The disk is full now.
    } finally {
      closeSync(file)
    }
    // What is already allocated to the write-ahead log may still take a few records.
    let refused = await call('full-0')
    for (let attempt = 1; attempt < 400 && !refused.isError; attempt += 1)
      refused = await call(`full-${attempt}`)
    expect(refused.text).toMatch(/recorded|ledger|disk/i)
    const ran = upstream.ran.length
    const last = await call('must-not-pass')
    expect(last.isError).toBe(true)
    expect(upstream.ran).toHaveLength(ran)
    expect(upstream.ran).not.toContain('echo:must-not-pass')

    rmSync(filler)
    await expect.poll(() => call('after').then((answer) => answer.isError), { timeout: 60_000 }).toBe(false)
    expect(gateway.remit(['audit', 'verify']).status).toBe(0)
  }, 240_000)
})
