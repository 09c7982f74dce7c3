import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { DEFAULT_TENANT, type HumanId, type TenantId } from '../core/ids.ts'
import type { StoredSecret } from '../core/stored-secret.ts'
import { type MasterKey, masterKey, openSecret, sealSecret } from './seal-secret.ts'
import { SecretVault, type SecretEvent, type VaultDeps } from './secret-vault.ts'

const ALICE = 'alice' as HumanId
const OLD = masterKey(randomBytes(32))
const NEW = masterKey(randomBytes(32))

interface World {
  rows: StoredSecret[]
  readonly events: SecretEvent[]
  readonly learned: string[]
  readonly changed: string[]
  open(...keys: [MasterKey, ...MasterKey[]]): Promise<SecretVault>
}

/** A database that is a list, with what a vault tells the outside. */
function world(): World {
  const events: SecretEvent[] = []
  const learned: string[] = []
  const changed: string[] = []
  const here: World = {
    rows: [],
    events,
    learned,
    changed,
    open: async (...keys) => {
      const vault = await SecretVault.open({ ...deps, keys })
      vault.onChange((name) => changed.push(name))
      return vault
    },
  }
  const deps: Omit<VaultDeps, 'keys'> = {
    tenant: DEFAULT_TENANT,
    store: { list: () => Promise.resolve(here.rows) },
    now: () => 7,
    commit: (changes, happened) => {
      for (const change of changes) {
        const name = change.kind === 'remove-secret' ? change.name : undefined
        if (name !== undefined) here.rows = here.rows.filter((row) => row.name !== name)
        if (change.kind !== 'put-secret' && change.kind !== 'reseal-secret') continue
        here.rows = [...here.rows.filter((row) => row.name !== change.secret.name), change.secret]
      }
      events.push(...happened)
      return Promise.resolve('committed')
    },
    learned: (value) => learned.push(value),
  }
  return here
}

const SET = { kind: 'secret.set', by: ALICE } as const

describe('the encrypted store', () => {
  it('R-CRED-1: has no plaintext in what is stored or recorded, and gives the value back after a restart', async () => {
    const here = world()
    const vault = await here.open(OLD)
    await vault.put('forge', 'the-forge-token', SET)
    const written = JSON.stringify([here.rows, here.events, vault.list()])
    for (const form of ['utf8', 'base64', 'hex'] as const) {
      expect(written).not.toContain(Buffer.from('the-forge-token').toString(form))
    }
    expect((await here.open(OLD)).value('forge')).toBe('the-forge-token')
    expect(vault.list()).toEqual([
      { tenant: DEFAULT_TENANT, name: 'forge', version: 1, key: OLD.id, at: 7, by: ALICE, usable: true },
    ])
  })

  it('R-CRED-1: two rows that were swapped do not open, nor one that was moved, renumbered or altered', async () => {
    const place = { tenant: DEFAULT_TENANT, name: 'reader', version: 1 }
    const row = { ...place, sealed: sealSecret(OLD, place, 'reader-token'), key: OLD.id, at: 1, by: ALICE }
    expect(openSecret([OLD], row)).toBe('reader-token')
    const flipped = Buffer.from(row.sealed, 'base64')
    flipped[flipped.length - 1] = (flipped.at(-1) ?? 0) ^ 1
    const wrong: readonly StoredSecret[] = [
      { ...row, name: 'writer' },
      { ...row, tenant: 'acme' as TenantId },
      { ...row, version: 2 },
      { ...row, sealed: flipped.toString('base64') },
      { ...row, sealed: '' },
    ]
    for (const each of wrong) expect(() => openSecret([OLD], each)).toThrow(/altered the database/)
  })

  it('R-CRED-1: a swapped row is refused when it is used, and the others still work', async () => {
    const here = world()
    const vault = await here.open(OLD)
    await vault.put('reader', 'reader-token', SET)
    await vault.put('writer', 'writer-token', SET)
    const writer = here.rows.find(({ name }) => name === 'writer')
    here.rows = here.rows.map((row) =>
      row.name === 'reader' ? { ...row, sealed: writer?.sealed ?? '' } : row,
    )
    await vault.refresh()
    expect(() => vault.value('reader')).toThrow(/altered the database/)
    expect(vault.value('writer')).toBe('writer-token')
    expect(vault.list().map(({ usable }) => usable)).toEqual([false, true])
  })

  it('R-CRED-1: a gateway with another key is refused, and says which key is wanted', async () => {
    const here = world()
    await (await here.open(OLD)).put('forge', 'the-forge-token', SET)
    await expect(here.open(NEW)).rejects.toThrow(
      new RegExp(`key ${OLD.id}, which this gateway does not have`),
    )
  })

  it('R-CRED-1: seals everything anew under a new key, after which the old one is not needed', async () => {
    const here = world()
    await (await here.open(OLD)).put('forge', 'the-forge-token', SET)
    const vault = await here.open(NEW, OLD)
    expect(await vault.reseal(ALICE)).toBe(1)
    expect(await vault.reseal(ALICE)).toBe(0)
    expect((await here.open(NEW)).value('forge')).toBe('the-forge-token')
    expect(here.events.at(-1)).toEqual({ kind: 'secret.resealed', by: ALICE, name: 'forge', version: 1 })
  })

  it('R-CRED-1: takes in what another replica rotated or removed, and says what changed', async () => {
    const here = world()
    const [one, two] = [await here.open(OLD), await here.open(OLD)]
    await one.put('forge', 'the-first-value', SET)
    await two.refresh()
    expect(two.value('forge')).toBe('the-first-value')
    await one.put('forge', 'the-second-value', { kind: 'secret.rotated', by: ALICE })
    await two.refresh()
    expect(two.value('forge')).toBe('the-second-value')
    expect(here.learned).toContain('the-second-value')
    expect(await one.remove('forge', { kind: 'secret.removed', by: ALICE })).toBe(true)
    await two.refresh()
    expect(two.value('forge')).toBeUndefined()
    expect(here.changed).toEqual(['forge', 'forge', 'forge', 'forge', 'forge', 'forge'])
  })

  it.each([
    ['seven77', /at least 8 characters/],
    ['two\nlines-of-it', /one line/],
    ['x'.repeat(16_385), /at most 16384/],
  ])('R-CRED-1: refuses %j', async (value, why) => {
    const here = world()
    const vault = await here.open(OLD)
    expect(() => vault.put('forge', value, SET)).toThrow(why)
    expect(here.rows).toEqual([])
  })
})
