import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { describe, expect, it } from 'vitest'

import type { JsonObject } from '../core/json.ts'
import { readKeyChain, type KeyChain } from './key-chain.ts'
import { keyChangeData } from './key-change.ts'
import { sameKey, verifierKeyText } from './verifier-key.ts'

const [a, b, c, stranger] = Array.from({ length: 4 }, () => generateKeyPairSync('ed25519')) as Pair[]
interface Pair {
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
}
/** From `a` to `b` at record 10, and to `c` at record 20. */
const HANDED_OVER = [change(10, a, b), change(20, b, c)]

describe('the keys of a ledger', () => {
  it.each([
    ['first', a],
    ['second', b],
    ['newest', c],
  ])('R-AUD-2: follow from the %s one that is trusted, on and back', async (_name, trusted) => {
    const chain = await chainOf(HANDED_OVER, trusted!.publicKey)
    expect([0, 10, 11, 20, 21, 99].map((size) => nameOf(chain.at(size)))).toEqual([
      'a',
      'a',
      'b',
      'b',
      'c',
      'c',
    ])
    expect(chain).toMatchObject({ changes: 2, broken: [], cautions: [] })
  })

  it('R-AUD-2: are nothing where only a stranger is trusted', async () => {
    const chain = await chainOf(HANDED_OVER, stranger!.publicKey)
    expect([0, 11, 99].map((size) => chain.at(size))).toEqual([undefined, undefined, undefined])
  })

  it('R-AUD-2: do not pass to a key that the one before did not sign for', async () => {
    const taken = [change(10, { ...a!, privateKey: stranger!.privateKey }, b)]
    const chain = await chainOf(taken, a!.publicKey)
    expect(chain.broken).toMatchObject([{ index: 10 }])
    expect(nameOf(chain.at(99))).toBe('a')
  })

  it('R-AUD-2: after a loss are followed back with a caution, and forward only where both are trusted', async () => {
    const lost = [{ index: 10, data: keyChangeData('t', a!.publicKey, b!.privateKey) }]
    expect((await chainOf(lost, a!.publicKey)).broken).toMatchObject([{ index: 10 }])
    const back = await chainOf(lost, b!.publicKey)
    expect(back).toMatchObject({ broken: [], cautions: [{ index: 10 }] })
    expect([nameOf(back.at(10)), nameOf(back.at(11))]).toEqual(['a', 'b'])
    const both = await chainOf(lost, a!.publicKey, b!.publicKey)
    expect(both).toMatchObject({ broken: [], cautions: [{ index: 10 }] })
  })
})

interface Said {
  readonly index: number
  readonly data: JsonObject
}

function change(index: number, from: Pair | undefined, to: Pair | undefined): Said {
  const data = keyChangeData('t', from!.privateKey, to!.privateKey)
  // What a thief would write: the key of another named as the old one.
  return {
    index,
    data: from === a || from === b ? data : { ...data, old: verifierKeyText('remit/t', a!.publicKey) },
  }
}

function chainOf(said: readonly Said[], ...trusted: readonly KeyObject[]): Promise<KeyChain> {
  const bodies = said.map(({ index, data }) => ({
    index,
    body: Buffer.from(JSON.stringify({ kind: 'ledger.key', data })),
  }))
  const source = {
    tenants: () => ['t'],
    records: () => [],
    checkpoints: () => [],
    damage: () => [],
    close: () => {},
    keyChanges: () => bodies,
  }
  return readKeyChain(source, 't', trusted)
}

function nameOf(key: KeyObject | undefined): string | undefined {
  const names = { a, b, c, stranger }
  return Object.entries(names).find(([, pair]) => key !== undefined && sameKey(pair!.publicKey, key))?.[0]
}
