import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { SignJWT } from 'jose'
import { expect, test } from 'vitest'
import { DEFAULT_TENANT, type HumanId } from '../core/ids.ts'
import type { StoredSecret } from '../core/stored-secret.ts'
import { masterKey } from '../credentials/seal-secret.ts'
import { SecretVault } from '../credentials/secret-vault.ts'
import { createTokenVerifier, type TokenVerifier } from '../identity/task-token.ts'
import { scheduleRotation } from './schedule-rotation.ts'
import { SigningKeys } from './signing-keys.ts'

const MONA = 'mona' as HumanId
const DAY = 86_400_000
const PLACE = { issuer: 'https://remit.example', audience: 'https://remit.example/mcp' }

/** Gateways that share a store, and have the same first key. */
function world() {
  const clock = { now: 1_000 * DAY }
  const rows = new Map<string, StoredSecret>()
  const events: object[] = []
  const { privateKey } = generateKeyPairSync('ed25519')
  const key = masterKey(randomBytes(32))
  const replica = async () => {
    const vault = await SecretVault.open({
      tenant: DEFAULT_TENANT,
      store: { list: async () => [...rows.values()] },
      keys: [key],
      now: () => clock.now,
      commit: async (changes, happened) => {
        for (const change of changes) {
          if (change.kind !== 'put-secret') continue
          const { secret } = change
          if ((rows.get(secret.name)?.version ?? 0) !== secret.version - 1) return 'conflict'
          rows.set(secret.name, secret)
        }
        events.push(...happened)
        return 'committed'
      },
      learned: () => {},
    })
    const keys = new SigningKeys({
      vault,
      first: { privateKey, from: clock.now },
      now: () => clock.now,
      overlap: 600_000,
      longest: DAY,
    })
    const verifier = createTokenVerifier({
      publicKeys: keys,
      ...PLACE,
      now: () => clock.now,
      cacheSize: 10,
    })
    return { vault, keys, verifier, sign: () => signed(keys, clock.now) }
  }
  return { clock, events, replica }
}

async function signed(keys: SigningKeys, now: number): Promise<string> {
  const { kid, privateKey } = keys.signing()
  const at = Math.floor(now / 1000)
  return new SignJWT({ tenant: 'default', txn: 'tsk_1', client_id: 'agent' })
    .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt', kid })
    .setIssuer(PLACE.issuer)
    .setAudience(PLACE.audience)
    .setSubject('mona')
    .setIssuedAt(at)
    .setNotBefore(at)
    .setExpirationTime(at + DAY / 1000)
    .setJti('1')
    .sign(privateKey)
}

const verdict = async (verifier: TokenVerifier, token: string): Promise<string> => {
  try {
    return (await verifier.verify(token)).task
  } catch (error) {
    return (error as Error).message
  }
}

test('R-ID-4: keys rotate on every replica without a restart, and no token is refused before its end', async () => {
  const { clock, events, replica } = world()
  const [here, there] = [await replica(), await replica()]
  const before = await here.sign()
  await here.keys.rotate(MONA, false)
  await there.vault.refresh()
  expect(there.keys.published()).toHaveLength(2)
  expect(there.keys.published()).toEqual(here.keys.published())
  expect(there.keys.published()[0]).not.toHaveProperty('d')
  const during = await there.sign()
  clock.now += 600_000
  const after = await there.sign()
  for (const token of [before, during, after]) expect(await verdict(here.verifier, token)).toBe('tsk_1')
  const kids = [before, during, after].map((token) => token.split('.')[0])
  expect([kids[0] === kids[1], kids[1] === kids[2]]).toEqual([true, false])
  clock.now += DAY
  expect(here.keys.published()).toHaveLength(1)
  expect(events).toEqual([
    expect.objectContaining({
      kind: 'key.rotated',
      by: MONA,
      data: expect.objectContaining({ compromised: false }),
    }),
  ])
  expect(JSON.stringify(events)).not.toContain('PRIVATE')
})

test('R-SEC-1: tokens of compromised keys are refused everywhere, also those that were verified before', async () => {
  const { replica } = world()
  const [here, there] = [await replica(), await replica()]
  const token = await here.sign()
  for (const { verifier } of [here, there]) expect(await verdict(verifier, token)).toBe('tsk_1')
  await there.keys.rotate(MONA, true)
  await here.vault.refresh()
  for (const { verifier } of [here, there])
    expect(await verdict(verifier, token)).toMatch(/not one of this gateway/)
  expect(await verdict(here.verifier, await there.sign())).toBe('tsk_1')
})

test('R-ID-4: a key of its full age gives way by itself, once, of however many gateways', async () => {
  const { clock, events, replica } = world()
  const [here, there] = [await replica(), await replica()]
  const logged: string[] = []
  const looks = [here, there].map(({ keys: tokenKeys }) =>
    scheduleRotation(
      {
        tokenKeys,
        loaded: { config: { oauth: { keyLifetime: 90 * DAY } } } as never,
        log: { log: (_level, event) => logged.push(event) },
      },
      { add: () => {} },
      () => clock.now,
    ),
  )
  const look = () => Promise.all(looks.map((each) => each.look()))
  clock.now += 90 * DAY - 1
  await look()
  expect(events).toEqual([])
  clock.now += 1
  await look()
  await look()
  expect(events).toEqual([expect.objectContaining({ kind: 'key.rotated', by: 'remit:schedule' })])
  expect(here.keys.published()).toEqual(there.keys.published())
  expect(logged).toEqual([])
})
