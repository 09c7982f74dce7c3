import { createHmac, generateKeyPairSync } from 'node:crypto'
import { SignJWT } from 'jose'
import { describe, expect, test } from 'vitest'
import { GATEWAY, GITHUB, NOW, ruleFor, WorkloadIssuer } from '../../test/support/workload-issuer.ts'
import { IssuerKeys } from './issuer-keys.ts'
import { parseSpiffeId } from './spiffe-id.ts'
import { verifyWorkload } from './verify-workload.ts'
import type { WorkloadRule } from './workload-rule.ts'

const github = new WorkloadIssuer()
const rule = ruleFor(github)

const verify = (token: string, rules: readonly WorkloadRule[] = [rule], now = NOW) =>
  verifyWorkload(token, { rules, now })

/** A token with whatever header and payload, signed by nobody that matters. */
function forged(header: object, payload: object, signature = 'AAAA'): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  return `${part(header)}.${part(payload)}.${signature}`
}

test('R-ID-5: the token of a run on GitHub proves repository, branch, actor and run', async () => {
  const { workload, expires } = await verify(await github.token())
  expect(workload).toEqual({
    name: 'ci',
    kind: 'github',
    issuer: GITHUB,
    subject: 'repo:acme/api:ref:refs/heads/main',
    actor: 'ali-gh',
    commit: 'c0ffee',
    event: 'push',
    pipeline: 'acme/api/.github/workflows/agent.yml@refs/heads/main',
    ref: 'refs/heads/main',
    repository: 'acme/api',
    run: '99',
  })
  expect(expires).toBe(NOW + 330_000)
})

test('R-ID-5: an ID token of GitLab, a projected service account token and a JWT-SVID are understood each as what they are', async () => {
  const gitlab = new WorkloadIssuer('https://gitlab.example.com')
  const ofGitlab = ruleFor(gitlab, { kind: 'gitlab', where: { project_path: ['acme/**'] } })
  const lab = await gitlab.token({
    sub: 'project_path:acme/web/api:ref_type:branch:ref:main',
    project_path: 'acme/web/api',
    ref: 'main',
    ref_path: 'refs/heads/main',
    user_login: 'alice',
    pipeline_id: 7,
  })
  expect((await verify(lab, [ofGitlab])).workload).toMatchObject({
    repository: 'acme/web/api',
    ref: 'refs/heads/main',
    actor: 'alice',
    run: '7',
  })
  const cluster = new WorkloadIssuer('https://kubernetes.default.svc')
  const where = { 'kubernetes.io/namespace': ['agents'], 'kubernetes.io/serviceaccount/name': ['run-*'] }
  const ofCluster = ruleFor(cluster, { kind: 'kubernetes', where })
  const bound = (namespace: string, more: object = {}) => ({
    sub: `system:serviceaccount:${namespace}:run-1`,
    'kubernetes.io': { namespace, serviceaccount: { name: 'run-1' }, pod: { name: 'run-1-x' }, ...more },
    aud: [GATEWAY],
  })
  expect((await verify(await cluster.token(bound('agents')), [ofCluster])).workload).toMatchObject({
    namespace: 'agents',
    serviceAccount: 'run-1',
    pod: 'run-1-x',
  })
  await expect(verify(await cluster.token(bound('default')), [ofCluster])).rejects.toMatchObject({
    code: 'workload_refused',
    message: expect.stringContaining('its `kubernetes.io/namespace` is `default`'),
  })
  const split = await cluster.token({ ...bound('agents'), sub: 'system:serviceaccount:other:run-1' })
  await expect(verify(split, [ofCluster])).rejects.toMatchObject({ code: 'token_invalid' })
  const spire = new WorkloadIssuer('https://spire.example.org')
  spire.jwks.keys = spire.jwks.keys.map((key) => ({ ...key, use: 'jwt-svid' }))
  const { issuer: _none, ...bundle } = ruleFor(spire, {
    kind: 'spiffe',
    trustDomain: 'example.org',
    where: { sub: ['spiffe://example.org/agents/*'] },
  })
  const svid = { iss: undefined, iat: undefined, nbf: undefined, jti: undefined, aud: [GATEWAY] }
  const good = await spire.token({ ...svid, sub: 'spiffe://example.org/agents/ci' })
  expect((await verify(good, [bundle])).workload).toMatchObject({
    issuer: 'spiffe://example.org',
    trustDomain: 'example.org',
    subject: 'spiffe://example.org/agents/ci',
  })
  const foreign = await spire.token({ ...svid, sub: 'spiffe://evil.org/agents/ci' })
  await expect(verify(foreign, [bundle])).rejects.toMatchObject({ code: 'token_invalid' })
})

test('R-ID-5: SPIFFE IDs have one form', () => {
  expect(parseSpiffeId('spiffe://example.org/a/b')).toEqual({ trustDomain: 'example.org', path: '/a/b' })
  const none = [
    'spiffe://example.org',
    'spiffe://Example.org/a',
    'spiffe://example.org/a/',
    'spiffe://example.org//a',
    'spiffe://example.org/../a',
    'spiffe://example.org/%61',
    'spiffe://example.org:1/a',
    'spiffe://x@example.org/a',
    'spiffe://example.org/a?b',
    'https://example.org/a',
    'spiffe://example.org/a b',
  ]
  expect(none.filter((text) => parseSpiffeId(text) !== undefined)).toEqual([])
})

describe('attacks on workload tokens', () => {
  test('R-ID-5 attack, JWKS confusion: keys that the token brings or points to are nobody’s', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const jwk = publicKey.export({ format: 'jwk' })
    const claims = {
      iss: GITHUB,
      aud: GATEWAY,
      sub: 'x',
      iat: NOW / 1_000,
      exp: NOW / 1_000 + 60,
      repository: 'acme/api',
      ref: 'refs/heads/main',
    }
    for (const header of [
      { jwk },
      { jku: 'https://evil.example/jwks' },
      { x5u: 'https://evil.example/x5u' },
      { x5c: ['AAAA'] },
    ]) {
      const token = await new SignJWT(claims)
        .setProtectedHeader({ alg: 'ES256', kid: 'key-1', ...header })
        .sign(privateKey)
      await expect(verify(token)).rejects.toMatchObject({ code: 'token_invalid' })
    }
  })

  test('R-ID-5 attack, algorithms: none, the public key as a shared secret, and one that is not configured', async () => {
    const payload = { iss: GITHUB, aud: GATEWAY, sub: 'x', iat: NOW / 1_000, exp: NOW / 1_000 + 60 }
    await expect(verify(forged({ alg: 'none' }, payload, ''))).rejects.toMatchObject({
      code: 'token_invalid',
    })
    const hs = forged({ alg: 'HS256', kid: 'key-1' }, payload, '')
    const secret = JSON.stringify(github.jwks.keys[0])
    const mac = createHmac('sha256', secret).update(hs.slice(0, -1)).digest('base64url')
    await expect(verify(`${hs}${mac}`)).rejects.toMatchObject({ code: 'token_invalid' })
    const strict = ruleFor(github, { algorithms: ['RS256'] })
    await expect(verify(await github.token(), [strict])).rejects.toMatchObject({ code: 'token_invalid' })
    const keys = new IssuerKeys({
      kind: 'github',
      name: 'ci',
      now: () => NOW,
      load: async () => ({ keys: [{ kty: 'oct', k: 'AAAA', kid: 'key-1' }] }),
    })
    await expect(verify(await github.token(), [ruleFor(github, { keys })])).rejects.toMatchObject({
      code: 'upstream_unavailable',
    })
  })

  test('R-ID-5 attack, wrong audience: for another place, for several, or for nobody', async () => {
    for (const aud of ['https://other.example', [GATEWAY, 'https://other.example'], [], undefined]) {
      await expect(verify(await github.token({ aud }))).rejects.toMatchObject({
        code: expect.stringMatching(/^token_(audience|invalid)$/),
      })
    }
  })

  test('R-ID-5 attack, wrong issuer with the same key id: the key of one issuer proves nothing of another', async () => {
    const evil = new WorkloadIssuer('https://evil.example')
    const ofEvil = ruleFor(evil, { name: 'evil', where: { repository: ['evil/*'] } })
    const both = [ofEvil, rule]
    await expect(verify(await evil.token({ iss: GITHUB }), both)).rejects.toMatchObject({
      code: 'token_invalid',
    })
    await expect(verify(await evil.token({ iss: 'https://unknown.example' }), both)).rejects.toMatchObject({
      code: 'token_invalid',
      message: expect.stringContaining('unknown.example'),
    })
    await expect(verify(await evil.token(), both)).rejects.toMatchObject({ code: 'workload_refused' })
  })

  test('R-ID-5 attack, token of another repository or branch: good, and of nobody who may begin', async () => {
    for (const over of [
      { repository: 'evil/api' },
      { repository: 'acme/a/b' },
      { ref: 'refs/heads/main2' },
      { ref: undefined },
      { repository: ['evil/api', { acme: 'acme/api' }] },
    ]) {
      await expect(verify(await github.token(over))).rejects.toMatchObject({
        code: expect.stringMatching(/^(workload_refused|token_invalid)$/),
      })
    }
    const inherited = await github.token({ repository: 'x' })
    const odd = ruleFor(github, { where: { 'constructor/name': ['**'] } })
    await expect(verify(inherited, [odd])).rejects.toMatchObject({ code: 'workload_refused' })
  })

  test('R-ID-5 attack, clock skew: half a minute is forgiven, and no more', async () => {
    const at = NOW / 1_000
    const good = [{ exp: at - 20 }, { nbf: at + 20 }, { iat: at + 20 }]
    for (const over of good) await expect(verify(await github.token(over))).resolves.toBeDefined()
    const bad: [Record<string, unknown>, string][] = [
      [{ exp: at - 31 }, 'token_expired'],
      [{ nbf: at + 31 }, 'token_invalid'],
      [{ iat: at + 31 }, 'token_invalid'],
      [{ iat: at - 3_700 }, 'token_expired'],
      [{ iat: undefined }, 'token_invalid'],
      [{ exp: undefined }, 'token_invalid'],
    ]
    for (const [over, code] of bad)
      await expect(verify(await github.token(over))).rejects.toMatchObject({ code })
  })

  test('R-ID-5 attack, other spellings and other kinds of token', async () => {
    const token = await github.token()
    const last = token.at(-1)!
    const spelled = `${token.slice(0, -1)}${last === 'A' ? 'B' : String.fromCharCode(last.charCodeAt(0) + 1)}`
    await expect(verify(spelled)).rejects.toMatchObject({ code: 'token_invalid' })
    await expect(verify(`${token}=`)).rejects.toMatchObject({ code: 'token_invalid' })
    await expect(verify(await github.token({}, { typ: 'at+jwt' }))).rejects.toMatchObject({
      code: 'token_invalid',
    })
    await expect(verify('x'.repeat(9_000))).rejects.toMatchObject({ code: 'token_invalid' })
    const { use } = await verify(await github.token({ jti: 'one' }))
    expect((await verify(await github.token({ jti: 'one', run_id: '2' }))).use).toBe(use)
  })
})

describe('keys of an issuer', () => {
  const setUp = () => {
    const issuer = new WorkloadIssuer()
    const state = { now: NOW, loads: 0, down: false }
    const keys = new IssuerKeys({
      kind: 'github',
      name: 'ci',
      now: () => state.now,
      load: async () => {
        state.loads += 1
        if (state.down) throw new Error('down')
        return issuer.jwks
      },
    })
    const of = ruleFor(issuer, { keys })
    return { issuer, state, ask: (token: string) => verify(token, [of]) }
  }

  test('R-ID-5: a key that is new is found without a restart; made-up key ids make nobody ask all the time', async () => {
    const { issuer, state, ask } = setUp()
    await ask(await issuer.token())
    await ask(await issuer.token())
    expect(state.loads).toBe(1)
    const old = await issuer.token()
    issuer.rotate('key-2')
    state.now += 30_000
    await expect(ask(await issuer.token())).resolves.toBeDefined()
    expect(state.loads).toBe(2)
    await expect(ask(old)).rejects.toMatchObject({ code: 'token_invalid' })
    for (const kid of ['a', 'b', 'c'])
      await expect(ask(await issuer.token({}, { kid }))).rejects.toBeDefined()
    expect(state.loads).toBe(2)
  })

  test('R-ID-5: a key that was taken back is refused after ten minutes; an issuer that is down is waited for an hour', async () => {
    const { issuer, state, ask } = setUp()
    const token = await issuer.token()
    await ask(token)
    issuer.rotate('key-2')
    state.down = true
    state.now += 600_000
    await expect(ask(token)).resolves.toBeDefined()
    state.now += 3_000_000
    await expect(ask(token)).rejects.toBeDefined()
    state.down = false
    state.now += 30_000
    await expect(ask(token)).rejects.toMatchObject({ code: 'token_invalid' })
    await expect(ask(await issuer.token())).resolves.toBeDefined()
  })
})
