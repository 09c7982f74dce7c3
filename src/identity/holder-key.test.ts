import { generateKeyPairSync } from 'node:crypto'
import { expect, test } from 'vitest'
import { readProof } from './dpop-proof.ts'
import { HolderKey } from './holder-key.ts'
import { ProofKeys } from './proof-key.ts'

const pem = (key: { export(of: { type: 'pkcs8'; format: 'pem' }): string | Buffer }): string =>
  String(key.export({ type: 'pkcs8', format: 'pem' }))
const ED25519 = pem(generateKeyPairSync('ed25519').privateKey)

test.each([
  ['a new key is of P-256', HolderKey.make(), 'ES256'],
  ['one that was kept as Ed25519 goes on', HolderKey.fromPem(ED25519), 'EdDSA'],
  ['one that was kept comes back', HolderKey.fromPem(HolderKey.make().toPem()), 'ES256'],
] as const)('R-ID-4: %s, and its proofs are taken', (_, key, alg) => {
  const text = key.prove({
    method: 'POST',
    url: 'https://gate.example/mcp?x=1#y',
    now: 1_000_000,
    token: 't',
  })
  const header = JSON.parse(Buffer.from(text.split('.')[0] ?? '', 'base64url').toString()) as object
  expect(header).toMatchObject({ typ: 'dpop+jwt', alg })
  expect(JSON.stringify(header)).not.toContain('"d"')
  expect(readProof(text, new ProofKeys(), key.thumbprint)).toMatchObject({
    method: 'POST',
    url: 'https://gate.example/mcp',
    made: 1_000_000,
    thumbprint: key.thumbprint,
  })
})

test('R-ID-4: what is no private key of either kind is refused', () => {
  const other = pem(generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey)
  for (const text of ['', 'x', other]) {
    expect(() => HolderKey.fromPem(text)).toThrow(/no private key of P-256 or Ed25519/)
  }
})
