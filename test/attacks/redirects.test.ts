import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ADMIN, type BareServer, startBareServer } from '../support/bare-authorization-server.ts'

let bare: BareServer
let agent: string

beforeAll(async () => {
  bare = await startBareServer()
  const redirect_uris = ['http://127.0.0.1/callback', 'https://agent.example/cb', 'com.example.agent:/cb']
  agent = (await bare.register({ redirect_uris })).client_id ?? ''
})

afterAll(() => {
  bare.close()
})

/** Where a browser is sent; undefined = nowhere, it reads what is wrong. */
async function sentTo(change: Record<string, string | readonly string[]>): Promise<string | undefined> {
  const answer = await bare.authorize({ client_id: agent, ...change })
  const location = answer.headers.get('location') ?? undefined
  if (location === undefined && answer.status !== 400) throw new Error(`answered with ${answer.status}`)
  return location
}

describe('R-ID-4: redirect tricks', () => {
  test.each([
    ['prefix', 'https://agent.example/cb.evil.example'],
    ['more of a host', 'https://agent.example.evil.example/cb'],
    ['subdomain', 'https://x.agent.example/cb'],
    ['path traversal', 'https://agent.example/cb/../evil'],
    ['path traversal that comes out right', 'https://agent.example/x/../cb'],
    ['path parameter', 'https://agent.example/cb;x'],
    ['slash at the end', 'https://agent.example/cb/'],
    ['query', 'https://agent.example/cb?next=https://evil.example'],
    ['fragment', 'https://agent.example/cb#x'],
    ['userinfo', 'https://agent.example@evil.example/cb'],
    ['userinfo that changes nothing', 'https://me@agent.example/cb'],
    ['backslash', 'https://evil.example\\@agent.example/cb'],
    ['encoded letter', 'https://agent.example/%63b'],
    ['encoded slash', 'https://agent.example%2fcb'],
    ['encoded line feed', 'https://agent.example/cb%0d%0aLocation: https://evil.example'],
    ['case of the path', 'https://agent.example/CB'],
    ['case of the host', 'https://AGENT.example/cb'],
    ['its port written out', 'https://agent.example:443/cb'],
    ['another port of a host', 'https://agent.example:8443/cb'],
    ['no TLS', 'http://agent.example/cb'],
    ['letters that look alike', 'https://аgent.example/cb'],
    ['no scheme', '//agent.example/cb'],
    ['no host', '/cb'],
    ['script', 'javascript:alert(1)//https://agent.example/cb'],
    ['another scheme of one’s own', 'com.example.agentx:/cb'],
    ['a host after a scheme of one’s own', 'com.example.agent://evil.example/cb'],
    ['localhost for 127.0.0.1', 'http://localhost/callback'],
    ['::1 for 127.0.0.1', 'http://[::1]/callback'],
    ['another loopback address', 'http://127.0.0.2/callback'],
    ['a number for 127.0.0.1', 'http://2130706433/callback'],
    ['a short form of 127.0.0.1', 'http://127.1/callback'],
    ['a host that begins like 127.0.0.1', 'http://127.0.0.1.evil.example/callback'],
    ['userinfo before another host', 'http://127.0.0.1:80@evil.example/callback'],
    ['loopback with another path', 'http://127.0.0.1:5000/callback/x'],
    ['loopback with TLS', 'https://127.0.0.1/callback'],
  ])('%s is called nowhere', async (_trick, redirect_uri) => {
    expect(await sentTo({ redirect_uri })).toBeUndefined()
  })

  test('of two callbacks none is called, and of none at all neither', async () => {
    const two = ['https://agent.example/cb', 'https://evil.example/cb']
    expect(await sentTo({ redirect_uri: two })).toBeUndefined()
    expect(await sentTo({ redirect_uri: two.toReversed() })).toBeUndefined()
    expect(await sentTo({ redirect_uri: [] })).toBeUndefined()
  })

  test('a program on the machine may listen at any port of the address that it named (RFC 8252 §7.3), and nothing else', async () => {
    for (const redirect_uri of ['http://127.0.0.1/callback', 'http://127.0.0.1:49152/callback'])
      expect(await sentTo({ redirect_uri })).toMatch(`${ADMIN}/delegate/`)
  })

  test('open redirect: an error goes to a callback of this very client, or to nobody', async () => {
    const wrong = { resource: 'https://elsewhere.example' }
    for (const redirect_uri of ['https://evil.example/cb', 'https://agent.example/cb/x'])
      expect(await sentTo({ ...wrong, redirect_uri })).toBeUndefined()
    expect(await sentTo({ ...wrong, client_id: 'nobody', redirect_uri: 'https://agent.example/cb' })).toBe(
      undefined,
    )
    const own = new URL((await sentTo({ ...wrong, redirect_uri: 'https://agent.example/cb' })) ?? '')
    expect(own.origin + own.pathname).toBe('https://agent.example/cb')
    expect(own.searchParams.get('iss')).toBe(bare.issuer)
    expect(own.searchParams.get('code')).toBeNull()
  })

  test.each([
    'http://evil.example/cb',
    'http://127.0.0.1.evil.example/cb',
    'http://2130706433/cb',
    'http://10.0.0.1/cb',
    'https://claude.ai@evil.example/cb',
    'https://:secret@evil.example/cb',
    'https://*.example/cb',
    'https://evil.example/cb#x',
    'https://evil.example\\@claude.ai/cb',
    'https://сlaude.ai/cb',
    ' https://evil.example/cb',
    'javascript:alert(1)',
    'data:text/html,x',
    'vbscript:x',
    'file:///etc/passwd',
    'blob:https://evil.example/x',
    '/cb',
    '',
  ])('`%s` is no callback that a client may name, whatever it says that it is', async (uri) => {
    for (const application_type of ['native', 'web'])
      expect(await bare.register({ application_type, redirect_uris: [uri] })).toMatchObject({
        status: 400,
        error: 'invalid_redirect_uri',
      })
    bare.publish({ application_type: 'web', redirect_uris: [uri] })
    const client_id = `https://agent.example/${encodeURIComponent(uri)}`
    expect(await sentTo({ client_id, redirect_uri: uri })).toBeUndefined()
  })
})
