import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { APPROVER_CODE, type RunningGateway, startGateway } from '../support/running-gateway.ts'
import { newPageKey, type PageKey, signRequest } from '../support/sign-request.ts'

let gateway: RunningGateway
beforeAll(async () => {
  gateway = await startGateway({ config: () => '' })
}, 240_000)
afterAll(() => gateway.remove())

/** A signed request of the admin plane's pages, with the cookies that somebody put into the browser. */
function send(path: string, by: { readonly key: PageKey; readonly cookie: string; readonly body?: object }) {
  const url = new URL(`${gateway.adminUrl}${path}`)
  const body = JSON.stringify(by.body ?? {})
  return fetch(url, {
    method: 'POST',
    headers: {
      ...signRequest(by.key, { method: 'POST', url, body }),
      'content-type': 'application/json',
      origin: gateway.adminUrl,
      cookie: by.cookie,
    },
    body,
  })
}

/** @returns the cookie that a login gives. */
async function logIn(key: PageKey, cookie = ''): Promise<string> {
  const answer = await send('/login/code', { key, cookie, body: { code: APPROVER_CODE, key: key.jwk } })
  expect(answer.status).toBe(200)
  return answer.headers.getSetCookie()[0]?.split(';')[0] ?? ''
}

const me = async (key: PageKey, cookie: string): Promise<number> =>
  (await send('/login/me', { key, cookie })).status

describe('R-SEC-1: session fixation', () => {
  test('a cookie that was planted before a login opens nothing after it', async () => {
    const planted = `remit_session=${'A'.repeat(43)}`
    const key = newPageKey()
    const given = await logIn(key, planted)
    expect(given).toMatch(/^remit_session=[\w-]{43}$/)
    expect(given).not.toBe(planted)
    expect(await me(key, given)).toBe(200)
    expect(await me(key, planted)).toBe(401)
  })

  test('a session of the attacker’s own is not taken over by who logs in within it, and does nothing for them', async () => {
    const [attacker, victim] = [newPageKey(), newPageKey()]
    const planted = await logIn(attacker)
    expect(await me(victim, planted)).toBe(401)
    const given = await logIn(victim, planted)
    expect(given).not.toBe(planted)
    expect(await me(attacker, given)).toBe(401)
    expect(await me(attacker, planted)).toBe(200)
  })

  test('of two cookies with the name none counts, so that nobody’s is put before a human’s own', async () => {
    const key = newPageKey()
    const given = await logIn(key)
    const planted = await logIn(newPageKey())
    expect(await me(key, `${planted}; ${given}`)).toBe(401)
    expect(await me(key, `${given}; ${planted}`)).toBe(401)
    expect(await me(key, given)).toBe(200)
  })

  test('an MCP session has the id that the gateway gives it, whatever the client brings', async () => {
    const { token } = gateway.task()
    const initialize = (id: string): Promise<Response> =>
      fetch(gateway.agentUrl, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${token}`,
          'content-type': 'application/json',
          accept: 'application/json, text/event-stream',
          'mcp-session-id': id,
        },
        body: JSON.stringify({
          jsonrpc: '2.0',
          id: 1,
          method: 'initialize',
          params: {
            protocolVersion: '2025-11-25',
            capabilities: {},
            clientInfo: { name: 'x', version: '1' },
          },
        }),
      })
    const chosen = 'B'.repeat(43)
    for (const answer of [await initialize(chosen), await initialize(chosen)])
      expect(answer.headers.get('mcp-session-id')).not.toBe(chosen)
  })
})
