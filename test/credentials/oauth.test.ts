import { createHash, randomBytes } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DEFAULT_TENANT, type HumanId, type TaskId } from '../../src/core/ids.ts'
import { ConnectFlows } from '../../src/credentials/oauth/connect-flows.ts'
import { HumanTokens } from '../../src/credentials/oauth/human-tokens.ts'
import type { OAuthServer } from '../../src/credentials/oauth/oauth-server.ts'
import { PendingFlows } from '../../src/credentials/oauth/pending-flows.ts'
import { type ClientDocument, clientDocument } from '../../src/credentials/oauth/client-document.ts'
import { masterKey } from '../../src/credentials/seal-secret.ts'
import { type SecretEvent, SecretVault } from '../../src/credentials/secret-vault.ts'
import { createMemoryStore } from '../../src/store/memory/memory-store.ts'
import { httpUpstream } from '../support/test-door.ts'
import { type OAuthUpstream, startOAuthUpstream } from '../support/oauth-upstream.ts'

const ALICE = 'alice' as HumanId
const MONA = 'mona' as HumanId
const ADMIN = 'http://localhost:7411'

let upstream: OAuthUpstream
let world: World
beforeEach(async () => {
  upstream = await startOAuthUpstream()
  world = new World()
})
afterEach(() => {
  upstream.close()
})

/** Gateways that share a store. */
class World {
  now = Date.now()
  readonly events: SecretEvent[] = []
  readonly learned: string[] = []
  readonly store = createMemoryStore()
  readonly #key = masterKey(randomBytes(32))

  async gateway(): Promise<{ vault: SecretVault; flows: ConnectFlows; tokens: HumanTokens }> {
    const now = (): number => this.now
    const vault = await SecretVault.open({
      tenant: DEFAULT_TENANT,
      store: this.store.secrets,
      keys: [this.#key],
      now,
      commit: async (changes, events) => {
        const outcome = await this.store.journal.commit({ records: [], changes })
        if (outcome === 'committed') this.events.push(...events)
        return outcome
      },
      learned: (value) => this.learned.push(value),
    })
    const sleep = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
    const tokens = new HumanTokens({ vault, adminUrl: ADMIN, now, sleep, serverOf: () => notes() })
    return { vault, tokens, flows: this.flows(vault, notes()) }
  }

  flows(vault: SecretVault, server: OAuthServer, document?: ClientDocument): ConnectFlows {
    const now = (): number => this.now
    const pending = new PendingFlows({
      tenant: DEFAULT_TENANT,
      store: this.store.oauth,
      commit: (changes) => this.store.journal.commit({ records: [], changes }),
      vault,
      now,
    })
    return new ConnectFlows({ vault, pending, serverOf: () => server, adminUrl: ADMIN, document, now })
  }
}

function notes(over: Partial<OAuthServer> = {}): OAuthServer {
  return { key: 'notes', url: upstream.url, guard: { allowPrivate: true, plainLoopback: true }, ...over }
}

/** Everything that Alice does to be connected. */
async function connect(flows: ConnectFlows, human = ALICE): Promise<void> {
  const { flow, url } = await flows.start('notes', human)
  const { number } = await flows.comeBack((await upstream.agree(url)).searchParams)
  await flows.finish(flow, number, human)
}

describe('R-CRED-1: a human is connected to a server', () => {
  test('with PKCE, for that server alone, and the tokens are kept sealed, on record and out of sight', async () => {
    const { flows, tokens, vault } = await world.gateway()
    await expect(tokens.ready('notes', ALICE)).rejects.toThrow(/remit servers connect notes.*localhost:7411/)
    await connect(flows)
    await tokens.ready('notes', ALICE)
    const { authorization } = tokens.headers('notes', ALICE)
    expect(authorization).toMatch(/^Bearer \S{32}$/)
    expect(upstream.asked[0]?.get('resource')).toBe(upstream.url)
    expect(world.events).toMatchObject([{ kind: 'credential.connected', by: ALICE, version: 1 }])
    expect(world.learned.join()).toContain(authorization.slice(7))
    expect(() => tokens.headers('notes', MONA)).toThrow(/`mona` is not connected/)
    expect(vault.has('oauth:notes:alice')).toBe(true)
  })

  test('and another URL of the server is never sent the token of this one', async () => {
    const { flows, vault } = await world.gateway()
    await connect(flows)
    const moved = new HumanTokens({
      vault,
      adminUrl: ADMIN,
      now: () => world.now,
      sleep: () => Promise.resolve(),
      serverOf: () => notes({ url: 'https://elsewhere.example/mcp' }),
    })
    expect(() => moved.headers('notes', ALICE)).toThrow(/had another URL/)
  })

  test('until they are disconnected: the issuer is told, and nothing is left', async () => {
    const { flows, tokens, vault } = await world.gateway()
    await connect(flows)
    const { authorization } = tokens.headers('notes', ALICE)
    expect(await tokens.disconnect('notes', ALICE, MONA)).toBe(true)
    expect(upstream.revoked).toHaveLength(2)
    expect(upstream.revoked).toContain(authorization.slice(7))
    expect(vault.has('oauth:notes:alice')).toBe(false)
    expect(world.events.at(-1)).toMatchObject({ kind: 'credential.disconnected', by: MONA })
  })
})

test('R-ID-6: all of somebody is forgotten and revoked, also by a gateway that had not heard of it', async () => {
  const [here, there] = [await world.gateway(), await world.gateway()]
  for (const human of [ALICE, MONA]) await connect(here.flows, human)
  const { servers, told } = await there.tokens.disconnectAll(ALICE, MONA)
  await told
  expect([servers, upstream.revoked.length]).toEqual([['notes'], 2])
  await here.vault.refresh()
  expect(['alice', 'mona'].map((name) => here.vault.has(`oauth:notes:${name}`))).toEqual([false, true])
})

describe('R-CRED-1, R-REL-2: a connection on its way', () => {
  test('is begun, come back to and finished on three gateways, each later than the last', async () => {
    const { flow, url } = await (await world.gateway()).flows.start('notes', ALICE)
    const back = await upstream.agree(url)
    const { number } = await (await world.gateway()).flows.comeBack(back.searchParams)
    const { flows, tokens } = await world.gateway()
    await flows.finish(flow, number, ALICE)
    expect(tokens.headers('notes', ALICE).authorization).toMatch(/^Bearer \S{32}$/)
    await expect(flows.finish(flow, number, ALICE)).rejects.toThrow(/nobody has come back/)
  })

  test('takes each step once, however many gateways are asked at once', async () => {
    const [one, two] = [await world.gateway(), await world.gateway()]
    const { flow, url } = await one.flows.start('notes', ALICE)
    const back = await upstream.agree(url)
    const came = await Promise.allSettled([one, two].map(({ flows }) => flows.comeBack(back.searchParams)))
    const numbers = came.flatMap((each) => (each.status === 'fulfilled' ? [each.value.number] : []))
    expect(numbers).toHaveLength(1)
    const done = await Promise.allSettled(
      [one, two].map(({ flows }) => flows.finish(flow, numbers[0] ?? '', ALICE)),
    )
    expect(done.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    expect(upstream.asked).toHaveLength(1)
  })

  test('is over after three numbers on all gateways together, and after ten minutes', async () => {
    const [one, two] = [await world.gateway(), await world.gateway()]
    const begin = async (): Promise<{ flow: string; number: string }> => {
      const { flow, url } = await one.flows.start('notes', ALICE)
      return { flow, number: (await two.flows.comeBack((await upstream.agree(url)).searchParams)).number }
    }
    const guessed = await begin()
    for (const { flows } of [one, two, one]) {
      await expect(flows.finish(guessed.flow, '1', ALICE)).rejects.toThrow(/not the number/)
    }
    await expect(two.flows.finish(guessed.flow, guessed.number, ALICE)).rejects.toThrow(/nobody has come/)
    const late = await begin()
    world.now += 600_000
    await expect(two.flows.finish(late.flow, late.number, ALICE)).rejects.toThrow(/nobody has come back/)
    expect(upstream.asked).toEqual([])
  })

  test('is for the URL that the server had, and sealed in the store, which can neither read nor move it', async () => {
    const { flows, vault } = await world.gateway()
    const first = await flows.start('notes', ALICE)
    const state = new URL(first.url).searchParams.get('state') ?? ''
    const id = createHash('sha256').update(state).digest('base64url')
    const held = await world.store.oauth.get(DEFAULT_TENANT, 'ConnectWaiting', id)
    const body = held?.body ?? ''
    expect(body).toMatch(/^\{"key":"[0-9a-f]{16}","sealed":"[A-Za-z0-9+/=]+"\}$/)
    expect(vault.unseal(`ConnectWaiting:${id}`, body)).toContain('"human":"alice"')
    expect(() => vault.unseal(`ConnectReturned:${id}`, body)).toThrow(/not what was sealed/)
    const { number } = await flows.comeBack((await upstream.agree(first.url)).searchParams)
    const moved = world.flows(vault, notes({ url: 'https://elsewhere.example/mcp' }))
    await expect(moved.finish(first.flow, number, ALICE)).rejects.toThrow(/has another URL now/)
    expect(upstream.asked).toEqual([])
  })
})

describe('R-CRED-1: a token that ends', () => {
  test('is renewed before it does, once for all calls of all gateways', async () => {
    const [one, two] = [await world.gateway(), await world.gateway()]
    await connect(one.flows)
    await two.vault.refresh()
    const before = one.tokens.headers('notes', ALICE).authorization
    world.now += 3_550_000
    const gateways = [one, two, one, two]
    await Promise.all(gateways.map(({ tokens }) => tokens.ready('notes', ALICE)))
    expect(upstream.asked.map((form) => form.get('grant_type'))).toEqual([
      'authorization_code',
      'refresh_token',
    ])
    const after = one.tokens.headers('notes', ALICE).authorization
    expect(after).not.toBe(before)
    expect(two.tokens.headers('notes', ALICE).authorization).toBe(after)
    expect(world.events.at(-1)).toMatchObject({ kind: 'credential.refreshed' })
  })

  test('and may not be renewed any more is forgotten, and its human is told to connect again', async () => {
    const { flows, tokens } = await world.gateway()
    await connect(flows)
    upstream.misdeeds.refuseRefresh = true
    world.now += 3_550_000
    await expect(tokens.ready('notes', ALICE)).rejects.toThrow(/may not renew.*remit servers connect notes/)
    expect(world.events.at(-1)).toMatchObject({ kind: 'credential.disconnected' })
  })

  test('is used to its end while its issuer cannot be reached', async () => {
    const { flows, tokens } = await world.gateway()
    await connect(flows)
    upstream.misdeeds.redirectTo = 'http://169.254.169.254/latest'
    world.now += 3_550_000
    await tokens.ready('notes', ALICE)
    world.now += 100_000
    await expect(tokens.ready('notes', ALICE)).rejects.toMatchObject({ code: 'upstream_unavailable' })
    delete upstream.misdeeds.redirectTo
    await tokens.ready('notes', ALICE)
  })
})

describe('R-CRED-1: a server says in its 401 how it is connected', () => {
  test('where its metadata are, and which scopes; more are asked for on top', async () => {
    const { flows, vault } = await world.gateway()
    upstream.misdeeds.challenge = { metadata: '/hidden/metadata', scope: 'look' }
    const { url } = await flows.start('notes', ALICE)
    expect(new URL(url).searchParams.get('scope')).toBe('look')
    const more = await flows.start('notes', ALICE, 'write look')
    expect(new URL(more.url).searchParams.get('scope')).toBe('look write')
    const configured = await world.flows(vault, notes({ scopes: ['own'] })).start('notes', ALICE)
    expect(new URL(configured.url).searchParams.get('scope')).toBe('own')
  })

  test('but not with the metadata of another server', async () => {
    const { flows } = await world.gateway()
    upstream.misdeeds.challenge = { metadata: '/hidden/metadata', scope: 'look' }
    for (const resource of ['https://evil.example/mcp', `${upstream.url}/deeper`, `${upstream.origin}/mc`]) {
      upstream.misdeeds.resource = resource
      await expect(flows.start('notes', ALICE)).rejects.toThrow(/of another server/)
    }
  })

  test('and is asked for refresh tokens where its issuer gives them for a scope, unless the configuration says which', async () => {
    const { flows, vault } = await world.gateway()
    upstream.misdeeds.scopes = ['notes', 'offline_access']
    const asked = (url: string): string | null => new URL(url).searchParams.get('scope')
    expect(asked((await flows.start('notes', ALICE)).url)).toBe('notes offline_access')
    const configured = await world.flows(vault, notes({ scopes: ['own'] })).start('notes', ALICE)
    expect(asked(configured.url)).toBe('own')
  })

  test('and a client that is a published document need not be registered', async () => {
    const { vault } = await world.gateway()
    const urls = { agent: 'https://remit.example', admin: ADMIN }
    const flows = world.flows(vault, notes(), clientDocument(urls))
    const registered = new URL((await flows.start('notes', ALICE)).url).searchParams.get('client_id')
    expect(registered).toMatch(/^[0-9a-f]{16}$/)
    upstream.misdeeds.documents = true
    await connect(flows)
    expect(upstream.asked.at(-1)?.get('client_id')).toBe('https://remit.example/oauth/client-metadata.json')
    expect(clientDocument({ ...urls, agent: 'http://127.0.0.1:7410' })).toBeUndefined()
  })
})

describe('R-CRED-1: a token that its server refuses', () => {
  test('is renewed once for all whom it was refused, and not again at once', async () => {
    const { flows, tokens } = await world.gateway()
    await connect(flows)
    const { authorization } = tokens.headers('notes', ALICE)
    const all = [1, 2, 3].map(() => tokens.refused('notes', ALICE, authorization))
    expect(await Promise.all(all)).toEqual([true, true, true])
    expect(upstream.asked).toHaveLength(2)
    const next = tokens.headers('notes', ALICE).authorization
    expect(next).not.toBe(authorization)
    expect(await tokens.refused('notes', ALICE, authorization)).toBe(true)
    expect(await tokens.refused('notes', ALICE, next)).toBe(false)
    expect(upstream.asked).toHaveLength(2)
  })

  test('is tried again with another one only where the 401 proves that nothing ran', async () => {
    const { flows, tokens } = await world.gateway()
    await connect(flows)
    const pool = httpUpstream(
      'notes',
      upstream.url,
      {
        era: 'modern',
        session: 'human',
        transport: { kind: 'http', url: upstream.url, headers: {}, perHuman: true, allowPrivate: true },
      },
      { tokens },
    )
    const holder = {
      human: ALICE,
      environment: 'laptop' as const,
      capabilities: {},
      task: 't' as TaskId,
      tenant: DEFAULT_TENANT,
    }
    const call = async (name: string): Promise<unknown> => {
      const session = await pool.session('alice', {}, holder)
      const headers = tokens.headers('notes', ALICE)
      const params = { name, arguments: {} }
      const signal = new AbortController().signal
      return session.request({ method: 'tools/call', params, signal, headers, clientCapabilities: {} })
    }
    const looks = () => upstream.shown.filter(({ method }) => method === 'look').length
    await call('look')
    upstream.misdeeds.challenge = { metadata: '/hidden/metadata', scope: 'look' }
    upstream.forget()
    expect(await call('look')).toMatchObject({ content: [{ type: 'text' }] })
    expect(looks()).toBe(3)

    world.now += 61_000
    delete upstream.misdeeds.challenge
    upstream.forget()
    await expect(call('look')).rejects.toMatchObject({ code: 'upstream_unavailable' })
    expect(looks()).toBe(4)
    expect(await call('look')).toMatchObject({ content: [{ type: 'text' }] })

    upstream.forget()
    await expect(call('look')).rejects.toThrow(
      /refused the token of `alice` and nothing was run.*remit servers connect notes/,
    )

    world.now += 61_000
    upstream.misdeeds.wants = 'notes:write'
    await expect(call('look')).rejects.toMatchObject({ code: 'upstream_unavailable' })
    await expect(call('look')).rejects.toThrow(
      /wants `notes:write`.*remit servers connect notes --scope 'notes:write'/,
    )
    await pool.close()
  })
})

describe('R-CRED-1: whoever attacks a connection', () => {
  test('as another issuer is found out by `iss`, before any code is sent anywhere', async () => {
    const { flows } = await world.gateway()
    upstream.misdeeds.iss = 'https://evil.example'
    const { url } = await flows.start('notes', ALICE)
    const back = await upstream.agree(url)
    await expect(flows.comeBack(back.searchParams)).rejects.toThrow(/start again/)
    expect(upstream.asked).toEqual([])
  })

  test('cannot come back twice, nor with a state of their own', async () => {
    const { flows } = await world.gateway()
    const { url } = await flows.start('notes', ALICE)
    const back = await upstream.agree(url)
    await flows.comeBack(back.searchParams)
    await expect(flows.comeBack(back.searchParams)).rejects.toThrow(/was used before/)
    back.searchParams.set('state', 'mine')
    await expect(flows.comeBack(back.searchParams)).rejects.toThrow(/never came from this gateway/)
  })

  test('cannot have the consent of somebody else counted as their own, or guess the number', async () => {
    const { flows, vault } = await world.gateway()
    const { flow, url } = await flows.start('notes', MONA)
    const { number } = await flows.comeBack((await upstream.agree(url)).searchParams)
    await expect(flows.finish(flow, number, ALICE)).rejects.toThrow(/nobody has come back/)
    for (const guess of ['1', '22', '333']) {
      await expect(flows.finish(flow, guess, MONA)).rejects.toThrow(/not the number/)
    }
    await expect(flows.finish(flow, number, MONA)).rejects.toThrow(/nobody has come back/)
    expect(vault.has('oauth:notes:mona')).toBe(false)
    expect(upstream.asked).toEqual([])
  })

  test.each([
    ['by a redirect', { redirectTo: 'http://169.254.169.254/latest/meta-data' }],
    ['by its metadata', { tokenEndpoint: 'https://169.254.169.254/token' }],
  ])('cannot send the gateway to a private address %s', async (_how, misdeeds) => {
    const { flows, vault } = await world.gateway()
    Object.assign(upstream.misdeeds, misdeeds)
    await expect(connect(flows)).rejects.toMatchObject({ code: 'upstream_unavailable' })
    expect(vault.has('oauth:notes:alice')).toBe(false)
  })

  test('cannot have it speak without TLS, without PKCE, or with this machine where that is not allowed', async () => {
    const { flows, vault } = await world.gateway()
    const begin = (guard: OAuthServer['guard']) => world.flows(vault, notes({ guard })).start('notes', ALICE)
    await expect(begin({ allowPrivate: true })).rejects.toThrow(/https|HTTP/)
    await expect(begin({ plainLoopback: true })).rejects.toThrow(/loopback address/)
    const port = Number(new URL(upstream.url).port)
    const own = { allowPrivate: true, plainLoopback: true, ownPorts: () => new Set([port]) }
    await expect(begin(own)).rejects.toThrow(/a port of the gateway itself/)
    upstream.misdeeds.noPkce = true
    await expect(flows.start('notes', ALICE)).rejects.toThrow(/PKCE/)
  })
})
