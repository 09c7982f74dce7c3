import { decodeProtectedHeader } from 'jose'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { answerDevice, askForDevice, pollDevice } from '../support/device-flow.ts'
import { OAuthFlow } from '../support/oauth-flow.ts'
import { APPROVER_CODE, startGateway, type RunningGateway } from '../support/running-gateway.ts'

const APPROVER = { REMIT_APPROVER: `mona:${APPROVER_CODE}` }

let gateway: RunningGateway
let flow: OAuthFlow

beforeAll(async () => {
  gateway = await startGateway({ config: () => 'oauth: { keyOverlap: 0s }\n' })
  flow = new OAuthFlow(new URL(gateway.agentUrl).origin)
}, 240_000)

afterAll(() => gateway.remove())

const kidOf = (token = ''): unknown => decodeProtectedHeader(token).kid

async function published(etag?: string): Promise<{ status: number; headers: Headers; kids: unknown[] }> {
  const response = await fetch(`${flow.base}/oauth/jwks`, {
    headers: etag === undefined ? {} : { 'if-none-match': etag },
  })
  const text = await response.text()
  const kids = text === '' ? [] : (JSON.parse(text) as { keys: { kid: string }[] }).keys.map(({ kid }) => kid)
  return { status: response.status, headers: response.headers, kids }
}

test('R-ID-4: remit keys rotate changes the key of every kind of token while the gateway runs, and restarts', async () => {
  const asked = await askForDevice(flow)
  await answerDevice(gateway, asked.user_code)
  const before = await pollDevice(flow, asked)
  const task = gateway.task().token
  const first = await published()
  expect(first.headers.get('cache-control')).toBe('public, max-age=0, must-revalidate')
  expect((await published(first.headers.get('etag') ?? '')).status).toBe(304)
  expect(gateway.remit(['keys', 'rotate']).stderr).toMatch(/REMIT_APPROVER/)
  const rotated = gateway.remit(['keys', 'rotate', '--json'], APPROVER)
  expect(JSON.parse(rotated.stdout)).toMatchObject({ keys: [{ state: 'verifying' }, { state: 'signing' }] })
  const second = await published(first.headers.get('etag') ?? '')
  expect(second.kids).toEqual([kidOf(task), expect.any(String)])
  const refreshed = await flow.token({
    grant_type: 'refresh_token',
    refresh_token: before.refresh_token ?? '',
    client_id: asked.client_id,
  })
  const next = gateway.task().token
  expect([kidOf(refreshed.access_token), kidOf(next)]).toEqual([second.kids[1], second.kids[1]])
  for (const token of [before.access_token, task, refreshed.access_token, next])
    expect((await flow.call(token)).status).toBe(200)
  await gateway.kill('SIGTERM')
  gateway = await gateway.restart()
  expect((await published()).kids).toEqual(second.kids)
  expect((await flow.call(next)).status).toBe(200)
  const compromised = gateway.remit(['keys', 'rotate', '--compromised'], APPROVER)
  expect(compromised.status).toBe(0)
  for (const token of [task, next]) expect((await flow.call(token)).status).toBe(401)
  expect((await published()).kids).toHaveLength(1)
  const { stdout } = gateway.remit(['audit', 'tail', '--json', '--kind', 'key.rotated'])
  expect(stdout.match(/"key\.rotated"/g)).toHaveLength(2)
})
