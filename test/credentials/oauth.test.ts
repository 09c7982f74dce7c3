import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DEFAULT_TENANT, type HumanId } from '../../src/core/ids.ts'
import { ConnectFlows } from '../../src/credentials/oauth/connect-flows.ts'
import { HumanTokens } from '../../src/credentials/oauth/human-tokens.ts'
import type { OAuthServer } from '../../src/credentials/oauth/oauth-server.ts'
import { masterKey } from '../../src/credentials/seal-secret.ts'
import { type SecretEvent, SecretVault } from '../../src/credentials/secret-vault.ts'
import { createMemoryStore } from '../../src/store/memory/memory-store.ts'
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
  readonly #store = createMemoryStore()
  readonly #key = masterKey(randomBytes(32))

  async gateway(): Promise<{ vault: SecretVault; flows: ConnectFlows; tokens: HumanTokens }> {
    const now = (): number => this.now
    const vault = await SecretVault.open({
      tenant: DEFAULT_TENANT,
      store: this.#store.secrets,
      keys: [this.#key],
      now,
      commit: async (changes, events) => {
        const outcome = await this.#store.journal.commit({ records: [], changes })
        if (outcome === 'committed') this.events.push(...events)
        return outcome
      },
      learned: (value) => this.learned.push(value),
    })
    const sleep = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
    const tokens = new HumanTokens({ vault, adminUrl: ADMIN, now, sleep, serverOf: () => notes() })
    return { vault, tokens, flows: new ConnectFlows({ vault, adminUrl: ADMIN, now }) }
  }
}

function notes(over: Partial<OAuthServer> = {}): OAuthServer {
  return { key: 'notes', url: upstream.url, guard: { allowPrivate: true, plainLoopback: true }, ...over }
}

/** Everything that Alice does to be connected. */
async function connect(flows: ConnectFlows, human = ALICE): Promise<void> {
  const { flow, url } = await flows.start(notes(), human)
  const { number } = flows.comeBack((await upstream.agree(url)).searchParams)
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

describe('R-CRED-1: whoever attacks a connection', () => {
  test('as another issuer is found out by `iss`, before any code is sent anywhere', async () => {
    const { flows } = await world.gateway()
    upstream.misdeeds.iss = 'https://evil.example'
    const { url } = await flows.start(notes(), ALICE)
    const back = await upstream.agree(url)
    expect(() => flows.comeBack(back.searchParams)).toThrow(/start again/)
    expect(upstream.asked).toEqual([])
  })

  test('cannot come back twice, nor with a state of their own', async () => {
    const { flows } = await world.gateway()
    const { url } = await flows.start(notes(), ALICE)
    const back = await upstream.agree(url)
    flows.comeBack(back.searchParams)
    expect(() => flows.comeBack(back.searchParams)).toThrow(/was used before/)
    back.searchParams.set('state', 'mine')
    expect(() => flows.comeBack(back.searchParams)).toThrow(/never came from this gateway/)
  })

  test('cannot have the consent of somebody else counted as their own, or guess the number', async () => {
    const { flows, vault } = await world.gateway()
    const { flow, url } = await flows.start(notes(), MONA)
    const { number } = flows.comeBack((await upstream.agree(url)).searchParams)
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
    const { flows } = await world.gateway()
    const guard = { allowPrivate: true }
    await expect(flows.start(notes({ guard }), ALICE)).rejects.toThrow(/https|HTTP/)
    const closed = { plainLoopback: true }
    await expect(flows.start(notes({ guard: closed }), ALICE)).rejects.toThrow(/loopback address/)
    const port = Number(new URL(upstream.url).port)
    const own = { allowPrivate: true, plainLoopback: true, ownPorts: () => new Set([port]) }
    await expect(flows.start(notes({ guard: own }), ALICE)).rejects.toThrow(/a port of the gateway itself/)
    upstream.misdeeds.noPkce = true
    await expect(flows.start(notes(), ALICE)).rejects.toThrow(/PKCE/)
  })
})
