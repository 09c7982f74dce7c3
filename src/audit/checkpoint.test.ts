import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'

import { checkpointOrigin, signCheckpoint, verifyCheckpoint } from './checkpoint.ts'
import { hashLeaf } from './merkle-hash.ts'

const { privateKey, publicKey } = generateKeyPairSync('ed25519')
const HEAD = { origin: checkpointOrigin('default'), size: 17, root: hashLeaf('x') }

describe('checkpoints', () => {
  it('R-AUD-2: are signed notes with the origin of their tenant', () => {
    const note = signCheckpoint(HEAD, privateKey)
    const [origin, size, root, empty, signature] = note.split('\n')
    expect([origin, size, empty]).toEqual(['remit/default', '17', ''])
    expect(Buffer.from(root ?? '', 'base64')).toEqual(HEAD.root)
    expect(signature).toMatch(/^— remit\/default [A-Za-z0-9+/]{91}=$/)
    expect(verifyCheckpoint(note, publicKey)).toEqual({
      ok: true,
      head: HEAD,
      by: [publicKey],
      strange: false,
      others: 0,
    })
    expect(verifyCheckpoint(note, generateKeyPairSync('ed25519').publicKey)).toEqual({
      ok: false,
      reason: 'foreign-key',
    })
  })

  it('have the key id of the signed-note specification', () => {
    // Key `PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW` of golang.org/x/mod/sumdb/note.
    const raw = Buffer.from('ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW', 'base64').subarray(1)
    const key = createPublicKey({
      key: { kty: 'OKP', crv: 'Ed25519', x: raw.toString('base64url') },
      format: 'jwk',
    })
    const seed = createPrivateKey({
      key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.alloc(32, 1)]),
      format: 'der',
      type: 'pkcs8',
    })
    const note = signCheckpoint({ ...HEAD, origin: 'PeterNeumann' }, seed)
    const wrong = verifyCheckpoint(note, key)
    expect(wrong).toEqual({ ok: false, reason: 'foreign-key' })
    const signed = Buffer.from(note.split(' ').at(-1) ?? '', 'base64')
    const renamed = Buffer.concat([Buffer.from('c74f20a3', 'hex'), signed.subarray(4)]).toString('base64')
    const forged = note.replace(/— (\S+) .+/, `— $1 ${renamed}`)
    expect(verifyCheckpoint(forged, key)).toEqual({ ok: false, reason: 'bad-signature' })
  })

  it('R-AUD-2: no changed byte passes, not even in unused bits of base64', () => {
    const note = Buffer.from(signCheckpoint(HEAD, privateKey))
    for (let i = 0; i < note.length; i++) {
      for (const bit of [1, 2, 4, 8, 16, 32, 64, 128]) {
        const flipped = Buffer.from(note)
        flipped[i] = (flipped[i] ?? 0) ^ bit
        expect(verifyCheckpoint(flipped.toString('utf8'), publicKey).ok).toBe(false)
      }
    }
  })
})
