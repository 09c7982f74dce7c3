/** What a proof of a key costs on the way of a call, beside the digest of its token: `node bench/proofs.ts`. */
import { generateKeyPairSync, hash, randomUUID, sign } from 'node:crypto'
import { keyThumbprint } from '../src/identity/proof-key.ts'
import { ProofNonces } from '../src/identity/proof-nonce.ts'
import { createProofVerifier } from '../src/identity/proof-verifier.ts'

const PROOFS = 4_000
const CHUNKS = 8
const TOKEN = 'x'.repeat(900)
const url = 'https://gate.example/mcp'

/** Best chunk, in microseconds of CPU for one. */
function cost(run: (at: number) => void): number {
  let best = Infinity
  for (let chunk = 0; chunk < CHUNKS; chunk += 1) {
    const before = process.cpuUsage()
    for (let at = 0; at < PROOFS / CHUNKS; at += 1) run(chunk * (PROOFS / CHUNKS) + at)
    const { user, system } = process.cpuUsage(before)
    best = Math.min(best, (user + system) / (PROOFS / CHUNKS))
  }
  return best
}

const kinds = {
  Ed25519: generateKeyPairSync('ed25519').privateKey,
  ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
}
const floor = cost(() => void hash('sha256', TOKEN, 'base64url'))
console.log(`digest of a token      ${floor.toFixed(1)} µs`)
for (const [name, key] of Object.entries(kinds)) {
  const { kty, crv, x, y } = key.export({ format: 'jwk' })
  const jwk = y === undefined ? { kty, crv, x } : { kty, crv, x, y }
  const digest = y === undefined ? null : 'sha256'
  const proofs = Array.from({ length: PROOFS }, () => {
    const alg = y === undefined ? 'EdDSA' : 'ES256'
    const ath = hash('sha256', TOKEN, 'base64url')
    const claims = { jti: randomUUID(), htm: 'POST', htu: url, iat: Math.floor(Date.now() / 1000), ath }
    const text = [{ typ: 'dpop+jwt', alg, jwk }, claims]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.')
    const signature = sign(digest, Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' })
    return { text: `${text}.${signature.toString('base64url')}`, bytes: Buffer.from(text), signature }
  })
  const nonces = new ProofNonces(Buffer.alloc(32), () => Date.now())
  const now = (): number => Date.now()
  const verifier = createProofVerifier({ now, nonces, nonceRequired: false, remembered: 1_000_000 })
  const thumbprint = keyThumbprint(jwk)
  const whole = cost((at) => {
    const proof = proofs[at]?.text
    verifier.check({ proof, method: 'POST', url, at: 'resource' }, { token: TOKEN, key: thumbprint })
  })
  console.log(
    `proof by ${name.padEnd(13)} ${whole.toFixed(1)} µs = ${(whole / floor).toFixed(0)} digests of a token`,
  )
}
