import { createHmac, generateKeyPairSync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { SignJWT } from 'jose'
import type { ErrorCode } from '../core/error-codes.ts'
import type { HumanId, TaskId, TenantId } from '../core/ids.ts'
import type { Task } from '../core/identity.ts'
import { createTokenVerifier, mintTaskToken, type TokenVerifierOptions } from './task-token.ts'

const NOW = Date.UTC(2026, 10, 22, 12)
const pair = generateKeyPairSync('ed25519')
const other = generateKeyPairSync('ed25519')
const signer = {
  privateKey: pair.privateKey,
  keyId: 'key-1',
  issuer: 'https://remit.example',
  audience: 'https://remit.example/mcp',
}

function task(id: string, more: Partial<Task> = {}): Task {
  return {
    tenant: 'default' as TenantId,
    id: `tsk_${id.padEnd(26, '0')}` as TaskId,
    human: 'maria.example@corp.example' as HumanId,
    agent: { id: 'claude-code', kind: 'claude-code' },
    workflow: 'fix-tests',
    intent: 'make the login tests pass again',
    scope: {},
    environment: 'laptop',
    environmentProved: false,
    budget: {},
    origin: 'human-session',
    created: NOW,
    expires: NOW + 3_600_000,
    ...more,
  }
}

function verifier(more: Partial<TokenVerifierOptions> = {}) {
  return createTokenVerifier({
    publicKeys: new Map([['key-1', pair.publicKey]]),
    issuer: signer.issuer,
    audience: signer.audience,
    now: () => NOW,
    cacheSize: 10,
    ...more,
  })
}

async function codeOf(run: () => unknown): Promise<ErrorCode | 'accepted'> {
  try {
    await run()
    return 'accepted'
  } catch (thrown) {
    return (thrown as { code: ErrorCode }).code
  }
}

function forge(header: object, payload: object, sign: (input: string) => string): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const input = `${part(header)}.${part(payload)}`
  return `${input}.${sign(input)}`
}

/** A token that is right in everything but what is changed. */
function signed(change: {
  header?: object
  claims?: object
  iss?: string
  aud?: string | string[]
  nbf?: number
}) {
  return new SignJWT({ tenant: 'default', txn: 't', client_id: 'a', jti: 'j', ...change.claims })
    .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt', kid: 'key-1', ...change.header })
    .setIssuer(change.iss ?? signer.issuer)
    .setAudience(change.aud ?? signer.audience)
    .setSubject('maria')
    .setIssuedAt(NOW / 1000)
    .setNotBefore(change.nbf ?? NOW / 1000)
    .setExpirationTime(NOW / 1000 + 60)
    .sign(pair.privateKey)
}

describe('R-ID-1: task tokens', () => {
  test('a minted token verifies, and at once the second time', async () => {
    const verify = verifier()
    const token = await mintTaskToken(task('a'), [], signer)
    const claims = await verify.verify(token)
    expect(claims).toMatchObject({
      task: task('a').id,
      tenant: 'default',
      human: task('a').human,
      agent: 'claude-code',
      expires: NOW + 3_600_000,
    })
    expect(verify.verify(token)).toEqual(claims)
  })

  test('it is at most 1 KiB with three ancestors, carries the chain, and does not carry the intent', async () => {
    const token = await mintTaskToken(task('leaf'), [task('b'), task('c'), task('root')], signer)
    expect(token.length).toBeLessThanOrEqual(1024)
    const payload = Buffer.from(token.split('.')[1]!, 'base64url').toString()
    expect(JSON.parse(payload)).toMatchObject({
      sub: task('a').human,
      txn: task('leaf').id,
      act: {
        sub: `claude-code:${task('leaf').id}`,
        act: {
          sub: `claude-code:${task('b').id}`,
          act: { sub: `claude-code:${task('c').id}`, act: { sub: `claude-code:${task('root').id}` } },
        },
      },
      tctx: { environment: 'laptop', root: task('root').id, workflow: 'fix-tests' },
    })
    expect(payload).not.toContain('login')
  })

  test('it stays small down the longest chain, naming the nearest ancestors and the root', async () => {
    const held = { holder: 'k'.repeat(43) }
    const chain = ['b', 'c', 'd', 'e', 'f', 'g', 'h', 'root'].map((id) => task(id))
    const token = await mintTaskToken(task('leaf', held), chain, signer)
    expect(token.length).toBeLessThanOrEqual(1280)
    const payload = Buffer.from(token.split('.')[1]!, 'base64url').toString()
    expect([...payload.matchAll(/"sub":"(?:claude-code:)?tsk_([a-z]+)/g)].map((found) => found[1])).toEqual([
      'leaf',
      'b',
      'c',
      'd',
      'root',
    ])
  })

  test('an expired token is refused as such, also when it was remembered', async () => {
    let now = NOW
    const verify = verifier({ now: () => now })
    const token = await mintTaskToken(task('a'), [], signer)
    await verify.verify(token)
    now = NOW + 3_600_000
    expect(await codeOf(() => verify.verify(token))).toBe('token_expired')
    expect(await codeOf(() => verifier({ now: () => now }).verify(token))).toBe('token_expired')
  })

  test('a missing token, and garbage', async () => {
    expect(await codeOf(() => verifier().verify(undefined))).toBe('token_missing')
    expect(await codeOf(() => verifier().verify(''))).toBe('token_missing')
    for (const text of ['x', 'a.b.c', '..', 'x'.repeat(9000), '\u0000']) {
      expect(await codeOf(() => verifier().verify(text))).toBe('token_invalid')
    }
  })

  test('R-ID-2: a token has one spelling: bits that Base64 ignores, padding and stray signs are refused', async () => {
    const token = await mintTaskToken(task('a'), [], signer)
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    const [last = ''] = token.slice(-1)
    const others = alphabet
      .split('')
      .filter((sign) => sign !== last)
      .map((sign) => token.slice(0, -1) + sign)
    for (const text of [...others, `${token}=`, `${token}==`, token.replace('.', '=.')]) {
      expect(await codeOf(() => verifier().verify(text))).toBe('token_invalid')
    }
    expect(await codeOf(() => verifier().verify(token))).toBe('accepted')
  })

  test('another audience is said to be that, alone or beside ours', async () => {
    const elsewhere = await signed({ aud: 'https://else.example/mcp' })
    const both = await signed({ aud: [signer.audience, 'https://else.example'] })
    expect(await codeOf(() => verifier().verify(elsewhere))).toBe('token_audience')
    expect(await codeOf(() => verifier().verify(both))).toBe('token_audience')
  })

  test.each([
    ['another issuer', { iss: 'https://evil.example' }],
    ['wrong type', { header: { typ: 'JWT' } }],
    ['no type', { header: { typ: undefined } }],
    ['not valid yet', { nbf: NOW / 1000 + 30 }],
    ['unknown key', { header: { kid: '__proto__' } }],
    ['critical extension', { header: { crit: ['exp2'], exp2: 1 } }],
    ['task that is not text', { claims: { txn: { id: 't' } } }],
    ['no tenant', { claims: { tenant: undefined } }],
  ])('%s is refused', async (_, change) => {
    const token = await signed(change as Parameters<typeof signed>[0]).catch(() => 'not.signable.x')
    expect(await codeOf(() => verifier().verify(token))).toBe('token_invalid')
  })

  test('the control token of the table above is accepted', async () => {
    expect(await codeOf(async () => verifier().verify(await signed({})))).toBe('accepted')
  })

  test('tricks with `alg` are refused: none, the public key as HMAC secret, another key under our id', async () => {
    const payload = JSON.parse(
      Buffer.from((await signed({})).split('.')[1]!, 'base64url').toString(),
    ) as object
    const pem = pair.publicKey.export({ type: 'spki', format: 'pem' })
    const hmac = (input: string) => createHmac('sha256', pem).update(input).digest('base64url')
    const none = forge({ alg: 'none', typ: 'at+jwt', kid: 'key-1' }, payload, () => '')
    const hs256 = forge({ alg: 'HS256', typ: 'at+jwt', kid: 'key-1' }, payload, hmac)
    const stranger = await mintTaskToken(task('a'), [], { ...signer, privateKey: other.privateKey })
    const [head, , signature] = (await signed({})).split('.')
    const changed = [
      head,
      Buffer.from(JSON.stringify({ ...payload, txn: 'u' })).toString('base64url'),
      signature,
    ]
    for (const token of [none, hs256, stranger, changed.join('.')]) {
      expect(await codeOf(() => verifier().verify(token))).toBe('token_invalid')
    }
  })

  test('memory is bounded: the token used longest ago is verified anew', async () => {
    const verify = verifier({ cacheSize: 2 })
    const tokens = await Promise.all(['a', 'b', 'c'].map((id) => mintTaskToken(task(id), [], signer)))
    for (const token of tokens) await verify.verify(token)
    expect(verify.verify(tokens[2])).not.toBeInstanceOf(Promise)
    expect(verify.verify(tokens[0])).toBeInstanceOf(Promise)
  })
})
