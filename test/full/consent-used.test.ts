import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { callTool, connectClient } from '../support/mcp-client.ts'
import { startRecordingUpstream, type RecordingUpstream } from '../support/recording-upstream.ts'
import { APPROVER_CODE, startGateway, type RunningGateway } from '../support/running-gateway.ts'

const ROUNDS = 3

let upstream: RecordingUpstream
let between: Server
let gateway: RunningGateway
/** Bytes to the server are held back from now on, and this hears of the first of them. */
let stalled: (() => void) | undefined

/** Hands on one request a connection, so that each has to connect anew. */
function handOn(from: Socket): void {
  from.on('error', () => from.destroy())
  from.once('data', (first: Buffer) => {
    if (stalled !== undefined && first.includes('tools/call')) return stalled()
    const to = connect(Number(new URL(upstream.url).port), '127.0.0.1')
    to.on('error', () => from.destroy())
    to.write(first.toString('latin1').replace(/connection: keep-alive/i, 'connection: close'), 'latin1')
    from.pipe(to).pipe(from)
  })
}

beforeAll(async () => {
  upstream = await startRecordingUpstream()
  between = createServer(handOn)
  await new Promise<void>((resolve) => {
    between.listen(0, '127.0.0.1', resolve)
  })
  const { port } = between.address() as AddressInfo
  const url = new URL(upstream.url)
  url.port = String(port)
  gateway = await startGateway({
    config: () => `consent: { hold: 1s }
servers:
  probe:
    url: ${url.href}
    era: modern
    session: shared
    fileSystem: none
    tools:
      wipe: { actions: [money.send] }
`,
  })
})

afterAll(async () => {
  await gateway.remove()
  between.close()
  upstream.close()
})

test('R-CON-3, R-REL-1: an agreement that a gateway used and died with before anything reached the server stays used: the call asks anew, and runs once', async () => {
  const { token } = gateway.task()
  const call = async (text: string): Promise<string> => {
    const client = await connectClient(gateway.agentUrl, token, 'modern')
    const answer = await callTool(client, 'probe__wipe', { text })
    await client.close()
    return /apr_[0-9a-z]+/.exec(answer.text)?.[0] ?? answer.text
  }
  const approve = (id: string) =>
    gateway.remit(['approvals', 'approve', id], { REMIT_APPROVER: APPROVER_CODE }).status
  for (let round = 0; round < ROUNDS; round += 1) {
    const text = `round-${round}`
    const first = await call(text)
    expect(approve(first)).toBe(0)
    const died = new Promise<void>((resolve) => {
      stalled = () => void gateway.kill('SIGKILL').then(resolve)
    })
    const lost = await Promise.race([call(text).catch(() => 'lost'), died.then(() => 'lost')])
    expect(lost).toBe('lost')
    await died
    stalled = undefined
    gateway = await gateway.restart()
    expect(gateway.remit(['approvals', 'show', first]).stdout).toMatch(/^state +used$/m)
    expect(upstream.ran).not.toContain(`wipe:${text}`)
    const second = await call(text)
    expect(second).toMatch(/^apr_/)
    expect(second).not.toBe(first)
    expect(approve(second)).toBe(0)
    await call(text)
    expect(upstream.ran.filter((one) => one === `wipe:${text}`)).toHaveLength(1)
  }
  const outcomes = gateway.remit(['audit', 'tail', '--json', '--lines', '200']).stdout
  expect(outcomes.match(/"status":"unknown"/g)).toHaveLength(ROUNDS)
  expect(gateway.remit(['audit', 'verify'])).toMatchObject({ status: 0 })
}, 240_000)
