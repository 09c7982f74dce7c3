import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { agentWords } from '../../src/api/delegation-html.ts'
import { type BareServer, startBareServer } from '../support/bare-authorization-server.ts'

let bare: BareServer
beforeAll(async () => {
  bare = await startBareServer()
})
afterAll(() => {
  bare.close()
})

/** What a human reads of a client that asks to be delegated to. */
async function shown(client_id: string, redirect_uri: string): Promise<string> {
  const answer = await bare.authorize({ client_id, redirect_uri })
  const request = await bare.server.requests.find(answer.headers.get('location')?.split('/').at(-1) ?? '')
  return request === undefined ? `refused ${answer.status}` : agentWords(request).text
}

async function registered(metadata: Record<string, unknown>, redirect: string): Promise<string> {
  const { client_id = '' } = await bare.register({ redirect_uris: [redirect], ...metadata })
  return shown(client_id, redirect)
}

const PROVES_NOTHING = /that\s+is\s+its\s+own\s+claim[^]*nothing\s+about\s+it\s+is\s+proved/
const EVIL = 'https://evil.example/cb'

describe('R-SEC-1: consent phishing with a lookalike client', () => {
  test('the very name, one with letters of another alphabet and one with letters that have no ink are claims alike', async () => {
    for (const client_name of [
      'Claude Code',
      'Сlaude Code',
      'Claude\u3164\u200b Code\u202e',
      'Claude\u{e0041} Code',
    ]) {
      const page = await registered({ client_name }, EVIL)
      expect(page).toMatch(/“[CС]laude Code”/)
      expect(page).toMatch(PROVES_NOTHING)
      expect(page).toContain('The answer goes to <strong>evil.example</strong>.')
    }
  })

  test('a name cannot bury the page, nor speak for it', async () => {
    const page = await registered(
      { client_name: `x${'\u0334'.repeat(40)}</strong><h1>Verified</h1>${'y'.repeat(500)}` },
      EVIL,
    )
    expect(page).not.toContain('<h1>')
    expect(page).not.toContain('y'.repeat(81))
    expect(page).toContain('\\u{334}')
  })

  test('of the site, the logo and the terms that a client names for itself nothing is shown or fetched', async () => {
    const of = 'https://claude.ai'
    const page = await registered(
      {
        client_name: 'x',
        client_uri: of,
        logo_uri: `${of}/logo.png`,
        policy_uri: `${of}/p`,
        tos_uri: `${of}/t`,
      },
      EVIL,
    )
    expect(page).toMatch(PROVES_NOTHING)
    expect(page).not.toMatch(/claude|<img/)
    expect(bare.fetched).toEqual([])
  })

  test.each([
    ['userinfo', 'https://claude.ai@evil.example/c.json'],
    ['letters of another alphabet', 'https://сlaude.ai/c.json'],
    ['a fragment', 'https://evil.example/c.json#claude.ai'],
    ['another scheme', 'http://claude.ai/c.json'],
  ])('an address with %s is no client', async (_trick, client_id) => {
    bare.publish({ client_id, redirect_uris: [EVIL] })
    expect(await shown(client_id, EVIL)).toBe('refused 400')
  })

  test('who publishes a client is the host of its address, in the letters of the wire, and the task is named after it', async () => {
    for (const [client_id, host] of [
      ['https://xn--laude-5ed.ai/c.json', 'xn--laude-5ed.ai'],
      ['https://evil.example/claude.ai/c.json', 'evil.example'],
      ['https://claude.ai.evil.example/c.json', 'claude.ai.evil.example'],
    ] as const) {
      bare.publish({ client_id, client_name: 'Claude Code', redirect_uris: [EVIL] })
      expect(await shown(client_id, EVIL)).toContain(`published by <strong>${host}</strong>`)
    }
  })

  test('a program of this machine is said to be one, also where its callback looks like somebody’s host', async () => {
    for (const [redirect, place] of [
      ['claude://claude.ai/cb', 'claude:'],
      ['http://localhost:8080/cb', 'localhost:8080'],
      ['http://[::1]:8080/cb', '[::1]:8080'],
    ] as const) {
      const page = await registered({}, redirect)
      expect(page).toContain(`The answer goes to <strong>${place}</strong>.`)
      expect(page).toMatch(/to\s+a\s+program\s+on\s+this\s+machine/)
    }
    const local = await registered({ application_type: 'web' }, 'https://localhost:8080/cb')
    expect(local).toMatch(/to\s+a\s+program\s+on\s+this\s+machine/)
    expect(await registered({}, EVIL)).not.toMatch(/on\s+this\s+machine/)
  })
})
