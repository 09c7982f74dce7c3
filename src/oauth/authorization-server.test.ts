import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import {
  ADMIN,
  type BareServer,
  DOCUMENT,
  startBareServer,
} from '../../test/support/bare-authorization-server.ts'
import type { HumanId } from '../core/ids.ts'

let bare: BareServer

beforeEach(async () => {
  bare = await startBareServer()
})

afterEach(() => {
  vi.useRealTimers()
  bare.close()
})

const publish: BareServer['publish'] = (more) => bare.publish(more)
const ask = (clientId = DOCUMENT): Promise<Response> => bare.authorize({ client_id: clientId })

test('R-ID-4: a client whose id is the address of its document is described by it, under the host that publishes it', async () => {
  publish()
  const location = (await ask()).headers.get('location') ?? ''
  expect(location).toMatch(new RegExp(`^${ADMIN}/delegate/[\\w-]+$`))
  const id = location.split('/').at(-1) ?? ''
  expect(await bare.server.requests.find(id)).toEqual({
    id,
    name: 'Published agent',
    clientId: DOCUMENT,
    documentHost: 'agent.example',
    redirectHost: 'localhost:8123',
    onlyThisMachine: true,
    agent: { id: expect.stringMatching(/^agent\.example\+[0-9a-f]{16}$/), kind: 'agent.example' },
  })
  await ask()
  expect(bare.fetched).toEqual([DOCUMENT])
})

test.each([
  ['names another client', { client_id: 'https://agent.example/other.json' }],
  ['has a secret', { client_secret: 'x' }],
  ['is larger than 64 KiB', { padding: 'x'.repeat(65_536) }],
  ['does not name the address', { redirect_uris: ['https://agent.example/callback'] }],
])('R-ID-4: a document that %s is refused', async (_what, more) => {
  publish(more)
  const answer = await ask()
  expect({ status: answer.status, location: answer.headers.get('location') }).toEqual({
    status: 400,
    location: null,
  })
})

test.each([
  'http://agent.example/c',
  'https://agent.example/../c',
  'https://me@agent.example/c',
  'https://agent.example/c#f',
])('R-ID-4: `%s` is no id of a client, and nothing is fetched', async (clientId) => {
  publish({ client_id: clientId })
  expect((await ask(clientId)).status).toBe(400)
  expect(bare.fetched).toEqual([])
})

test('R-ID-4: a code of a terminal ends after a quarter of an hour, and the terminal is told', async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  const grant_types = ['urn:ietf:params:oauth:grant-type:device_code']
  publish({ grant_types, response_types: [], redirect_uris: [] })
  const post = async (path: string, fields: Record<string, string>): Promise<Record<string, string>> => {
    const body = new URLSearchParams({ client_id: DOCUMENT, ...fields })
    const answer = await fetch(`${bare.issuer}${path}`, { method: 'POST', body })
    return (await answer.json()) as Record<string, string>
  }
  const asked = await post('/oauth/device', {})
  const poll = () =>
    post('/oauth/token', { grant_type: grant_types[0] ?? '', device_code: asked['device_code'] ?? '' })
  const human = 'mona' as HumanId
  expect(await poll()).toMatchObject({ error: 'authorization_pending' })
  expect(await bare.server.devices.enter(asked['user_code'] ?? '', human)).toBeDefined()
  vi.setSystemTime(Date.now() + 901_000)
  expect(await poll()).toMatchObject({ error: 'expired_token' })
  expect(await bare.server.devices.enter(asked['user_code'] ?? '', human)).toBeUndefined()
})
