import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'

import { ledgerOf, privateKey, publicKey, sourceOf } from '../../test/suites/sample-ledger.ts'
import { signCheckpoint } from './checkpoint.ts'
import type { LedgerSource } from './ledger-source.ts'
import { hashLeaf, toHex } from './merkle-hash.ts'
import { consistencyProof, inclusionProof, verifyConsistency, verifyInclusion } from './merkle-proof.ts'
import { MerkleTree } from './merkle-tree.ts'
import { proofJson, proofText, readProof } from './proof-text.ts'
import { checkProof, proveConsistency, proveInclusion } from './prove.ts'

const SIZE = 256 * 3 + 37
const ledger = ledgerOf(SIZE)
const stored = sourceOf(ledger)
const exported = sourceWithoutTiles(stored)
const tree = new MerkleTree()
for (const { leaf } of ledger.rows) tree.append(leaf!)

describe('proofs', () => {
  it('R-AUD-2: have the paths of the example tree of RFC 9162 §2.1.5', () => {
    const seven = new MerkleTree()
    for (let i = 0; i < 7; i++) seven.append(hashLeaf(`d${i}`))
    const [, b, c, d, , f, j] = Array.from({ length: 7 }, (_each, i) => seven.node(0, i))
    const [g, h, i] = [seven.node(1, 0), seven.node(1, 1), seven.node(1, 2)]
    const [k] = [seven.node(2, 0)]
    const l = hashOf(i, j!)
    expect(inclusionProof(seven.node, 0, 7)).toEqual([b, h, l])
    expect(inclusionProof(seven.node, 3, 7)).toEqual([c, g, l])
    expect(inclusionProof(seven.node, 4, 7)).toEqual([f, j, k])
    expect(inclusionProof(seven.node, 6, 7)).toEqual([i, k])
    expect(consistencyProof(seven.node, 3, 7)).toEqual([c, d, g, l])
    expect(consistencyProof(seven.node, 4, 7)).toEqual([l])
    expect(consistencyProof(seven.node, 6, 7)).toEqual([i, j, k])
  })

  it('R-AUD-2: are those of the published vectors of RFC 6962 implementations', () => {
    const leaves = [
      '',
      '00',
      '10',
      '2021',
      '3031',
      '40414243',
      '5051525354555657',
      '606162636465666768696a6b6c6d6e6f',
    ]
    const eight = new MerkleTree()
    for (const leaf of leaves) eight.append(hashLeaf(Buffer.from(leaf, 'hex')))
    const first = [
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ]
    const sixth = [
      '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ]
    expect(inclusionProof(eight.node, 0, 8).map(toHex)).toEqual(first)
    expect(consistencyProof(eight.node, 1, 8).map(toHex)).toEqual(first)
    expect(consistencyProof(eight.node, 6, 8).map(toHex)).toEqual(sixth)
    const claim = { index: 0, size: 8, leaf: eight.node(0, 0), root: eight.root() }
    expect(verifyInclusion(claim, bytesOf(first))).toBe(true)
    const grown = { older: { size: 6, root: eight.root(6) }, newer: { size: 8, root: eight.root() } }
    expect(verifyConsistency(grown, bytesOf(sixth))).toBe(true)
  })

  it.each([
    ['from tiles', stored],
    ['from records alone', exported],
  ])('R-AUD-2: of any record, %s, hold for who has only the public key', async (_name, source) => {
    for (const index of [0, 1, 255, 256, 511, 700, SIZE - 1]) {
      const proof = await proveInclusion({ source, tenant: 't' }, String(index))
      expect(proof.path).toEqual(inclusionProof(tree.node, index, SIZE))
      for (const text of [proofText(proof), proofJson(proof)]) {
        expect(checkProof(readProof(text), [publicKey])).toMatchObject({ ok: true, kind: 'inclusion' })
      }
    }
    const byId = await proveInclusion({ source, tenant: 't' }, 'dec_300')
    expect(byId.index).toBe(300)
  })

  it.each([
    ['from tiles', stored],
    ['from records alone', exported],
  ])('R-AUD-2: that one checkpoint continues another, %s, hold likewise', async (_name, source) => {
    for (const size of [1, 255, 256, 300, 768, SIZE]) {
      const older = noteOf(size)
      const proof = await proveConsistency({ source, tenant: 't' }, older)
      for (const text of [proofText(proof), proofJson(proof)]) {
        expect(checkProof(readProof(text), [publicKey])).toMatchObject({ ok: true, kind: 'consistency' })
      }
      const back = proveConsistency({ source, tenant: 't' }, ledger.note, noteOf(1))
      await expect(back).rejects.toMatchObject({ code: 'not_found' })
    }
  })

  it('R-AUD-2: show nothing once any byte of them was changed', async () => {
    const inclusion = proofText(await proveInclusion({ source: stored, tenant: 't' }, '700'))
    const consistency = proofText(await proveConsistency({ source: stored, tenant: 't' }, noteOf(300)))
    for (const text of [inclusion, consistency]) {
      const bytes = Buffer.from(text)
      for (let at = 0; at < bytes.length; at += 3) {
        const flipped = Buffer.from(bytes)
        flipped[at] = flipped[at]! ^ (1 << (at % 7))
        expect({ at, holds: holds(flipped.toString('utf8')) }).toEqual({ at, holds: false })
      }
    }
  })

  it('R-AUD-2: are not made of a ledger that is not what was signed, nor by another key', async () => {
    const changed: LedgerSource = {
      ...exported,
      records: (tenant, from) =>
        [...(exported.records(tenant, from) as typeof ledger.rows)].filter(({ index }) => index !== 9),
    }
    await expect(proveInclusion({ source: changed, tenant: 't' }, '12')).rejects.toMatchObject({
      code: 'ledger_broken',
    })
    await expect(proveInclusion({ source: stored, tenant: 't' }, '5000')).rejects.toMatchObject({
      code: 'not_found',
    })
    const proof = await proveInclusion({ source: stored, tenant: 't' }, '12')
    const stranger = generateKeyPairSync('ed25519').publicKey
    expect(checkProof(proof, [stranger])).toMatchObject({ ok: false })
  })
})

function sourceWithoutTiles(source: LedgerSource): LedgerSource {
  return {
    tenants: () => source.tenants(),
    records: (tenant, from) => source.records(tenant, from),
    checkpoints: (tenant) => source.checkpoints(tenant),
    damage: () => source.damage(),
    close: () => {},
  }
}

function holds(text: string): boolean {
  try {
    return checkProof(readProof(text), [publicKey]).ok
  } catch {
    return false
  }
}

function noteOf(size: number): string {
  return signCheckpoint({ origin: 'remit/t', size, root: tree.root(size) }, privateKey)
}

function hashOf(left: Uint8Array, right: Uint8Array): Uint8Array {
  const two = new MerkleTree()
  two.append(left)
  two.append(right)
  return two.root()
}

function bytesOf(hashes: readonly string[]): readonly Uint8Array[] {
  return hashes.map((hash) => Buffer.from(hash, 'hex'))
}
