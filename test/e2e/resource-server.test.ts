import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { decodeJwt, decodeProtectedHeader, SignJWT, UnsecuredJWT } from 'jose'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { answerDevice, askForDevice, pollDevice } from '../support/device-flow.ts'
import { OAuthFlow } from '../support/oauth-flow.ts'
import { realServers } from '../support/real-servers.ts'
import { startGateway, type RunningGateway } from '../support/running-gateway.ts'

type Claims = Readonly<Record<string, unknown>>

let gateway: RunningGateway
let flow: OAuthFlow
/** A genuine access token, its parts, and the key that signed it. */
let genuine: string
let header: { readonly alg: string; readonly typ: string; readonly kid: string }
let claims: Claims
let own: KeyObject
let foreign: KeyObject
let foreignRsa: KeyObject

beforeAll(async () => {
  gateway = await startGateway({
    config: (at) => `${realServers(at)}virtualServers:
  reading:
    tools:
      read: { from: filesystem__read_text_file }
`,
  })
  flow = new OAuthFlow(new URL(gateway.agentUrl).origin)
  genuine = await token()
  header = decodeProtectedHeader(genuine) as typeof header
  claims = decodeJwt(genuine)
  own = createPrivateKey(readFileSync(join(gateway.home, '.remit', 'keys', 'task-token.pem')))
  foreign = generateKeyPairSync('ed25519').privateKey
  foreignRsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
}, 240_000)

afterAll(() => gateway.remove())

async function token(): Promise<string> {
  const asked = await askForDevice(flow)
  await answerDevice(gateway, asked.user_code)
  return (await pollDevice(flow, asked)).access_token ?? ''
}

const sign = (of: Claims, key: KeyObject | Uint8Array, more: Claims = {}): Promise<string> =>
  new SignJWT({ ...claims, ...of }).setProtectedHeader({ ...header, ...more }).sign(key)

const publicPem = (): Buffer => Buffer.from(createPublicKey(own).export({ type: 'spki', format: 'pem' }))
const publicRaw = (): Buffer =>
  Buffer.from(createPublicKey(own).export({ format: 'jwk' }).x ?? '', 'base64url')
const foreignJwk = (): object => createPublicKey(foreign).export({ format: 'jwk' })
const now = (): number => Math.floor(Date.now() / 1000)

async function answer(given: string | undefined, path = '/mcp') {
  const response = await flow.call(given, path)
  return {
    status: response.status,
    challenge: response.headers.get('www-authenticate') ?? '',
    text: await response.text(),
  }
}

test('R-ID-4: what the key itself signs is good, in the form that its tokens have', async () => {
  expect(await answer(await sign({}, own))).toMatchObject({ status: 200, challenge: '' })
})

const FORGED: readonly (readonly [string, () => Promise<string> | string, RegExp])[] = [
  ['another key under the same kid', () => sign({}, foreign), /signature/],
  ['a kid that is not known', () => sign({}, foreign, { kid: 'unknown' }), /not one of this gateway/],
  ['no kid', () => sign({}, own, { kid: undefined as never }), /not one of this gateway/],
  ['a kid that is the name of a property', () => sign({}, foreign, { kid: '__proto__' }), /not one of/],
  ['no signature (`alg` none)', () => new UnsecuredJWT(claims).encode(), /token/],
  ['`alg` none in the header, and a signature', () => noneWithSignature(), /signature or form/],
  ['HS256 with the public key as PEM', () => sign({}, publicPem(), { alg: 'HS256' }), /signature or form/],
  ['HS256 with the public key as bytes', () => sign({}, publicRaw(), { alg: 'HS256' }), /signature or form/],
  ['RS256 by another key', () => sign({}, foreignRsa, { alg: 'RS256' }), /signature or form/],
  ['its own key as `jwk`', () => sign({}, foreign, { jwk: foreignJwk() }), /signature/],
  ['its own key set as `jku`', () => sign({}, foreign, { jku: 'https://evil.example/jwks' }), /signature/],
  ['its own chain as `x5u`', () => sign({}, foreign, { x5u: 'https://evil.example/x5u' }), /signature/],
  ['a critical header that nobody knows', () => critical(), /signature or form/],
  ['wrong audience', () => sign({ aud: 'https://elsewhere.example/mcp' }, own), /another place/],
  ['the audience of another port', () => sign({ aud: 'http://127.0.0.1:1/mcp' }, own), /another place/],
  ['two audiences', () => sign({ aud: [gateway.agentUrl, 'https://x.example'] }, own), /another place/],
  ['no audience', () => sign({ aud: undefined }, own), /another place/],
  ['wrong issuer', () => sign({ iss: 'https://elsewhere.example' }, own), /another issuer/],
  ['the issuer with a slash', () => sign({ iss: `${flow.base}/` }, own), /another issuer/],
  ['wrong `typ`', () => sign({}, own, { typ: 'JWT' }), /`typ` is not/],
  ['an ID token’s `typ` in its place', () => sign({}, own, { typ: 'id+jwt' }), /`typ` is not/],
  ['expired', () => sign({ exp: now() - 1 }, own), /has expired/],
  ['expired this second', () => sign({ exp: now() }, own), /has expired/],
  ['no end', () => sign({ exp: undefined }, own), /token/],
  ['`nbf` in the future', () => sign({ nbf: now() + 60 }, own), /check the clocks/],
  ['`iat` in the future', () => sign({ iat: now() + 60 }, own), /check the clocks/],
  ['no task', () => sign({ txn: undefined }, own), /token/],
  ['the task of nobody', () => sign({ txn: 'tsk_00000000000000000000000000' }, own), /task/],
  ['another tenant', () => sign({ tenant: 'other' }, own), /task/],
  ['another human', () => sign({ sub: 'alice' }, own), /task/],
  ['a second spelling of the same bytes', () => respelled(), /Base64url/],
  ['two parts', () => genuine.split('.').slice(0, 2).join('.'), /token/],
]

function noneWithSignature(): string {
  const [, payload = '', signature = ''] = genuine.split('.')
  const head = Buffer.from(JSON.stringify({ ...header, alg: 'none' })).toString('base64url')
  return `${head}.${payload}.${signature}`
}

function critical(): Promise<string> {
  return new SignJWT(claims)
    .setProtectedHeader({ ...header, crit: ['exp'], exp: now() })
    .sign(own, { crit: { exp: true } })
}

/** The last letter of a signature of 64 bytes has four bits that mean nothing. */
function respelled(): string {
  const last = genuine.at(-1) ?? ''
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  return genuine.slice(0, -1) + (letters[letters.indexOf(last) + 1] ?? '')
}

test.each(FORGED)(
  'R-ID-4: %s: 401, with the challenge of RFC 6750 and RFC 9728',
  async (_name, make, says) => {
    const refused = await answer(await make())
    expect(refused).toMatchObject({
      status: 401,
      challenge: `Bearer error="invalid_token", resource_metadata="${flow.base}/.well-known/oauth-protected-resource/mcp", scope="mcp"`,
    })
    expect(refused.text).toMatch(says)
  },
)

test('R-ID-4: the clock of another replica may be five seconds ahead', async () => {
  const soon = now() + 3
  expect((await answer(await sign({ iat: soon, nbf: soon }, own))).status).toBe(200)
})

test.each([
  ['/mcp', 'resource'],
  ['/mcp/filesystem', 'one server'],
  ['/mcp/reading', 'a virtual server'],
])('R-ID-4: %s (%s) names its own metadata, which name it', async (path) => {
  const refused = await answer(undefined, path)
  const metadata = `${flow.base}/.well-known/oauth-protected-resource${path}`
  expect(refused).toMatchObject({
    status: 401,
    challenge: `Bearer resource_metadata="${metadata}", scope="mcp"`,
  })
  expect(await (await fetch(metadata)).json()).toMatchObject({
    resource: `${flow.base}${path}`,
    authorization_servers: [flow.base],
    bearer_methods_supported: ['header'],
  })
  expect((await answer(genuine, path)).status).toBe(200)
})

test('R-ID-4: a token is in one header, once: not in a query, not in a body, not under two headers or schemes', async () => {
  for (const path of [`/mcp?access_token=${genuine}`, `/mcp?x=1&token=${genuine}`]) {
    const refused = await answer(undefined, path)
    expect(refused.status).toBe(401)
    expect(refused.text).toMatch(/in the URL is refused/)
    expect((await answer(genuine, path)).status).toBe(401)
  }
  for (const authorization of [`Basic ${genuine}`, `Bearer ${genuine}, Bearer ${genuine}`, 'Bearer', genuine])
    expect((await raw([authorization])).status).toBe(401)
  expect(await raw([`Bearer ${genuine}`, `Bearer ${genuine}`])).toMatchObject({
    status: 401,
    text: expect.stringMatching(/more than one/),
  })
  expect((await raw([`bearer   ${genuine}`])).status).toBe(200)
  const inBody = await fetch(gateway.agentUrl, {
    method: 'POST',
    body: new URLSearchParams({ access_token: genuine }),
  })
  // A form is not even read.
  expect(inBody.status).toBe(415)
})

/** Headers as they are written, also those that `fetch` would join. */
function raw(authorization: readonly string[]): Promise<{ readonly status: number; readonly text: string }> {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' })
  return new Promise((resolve, reject) => {
    const sent = request(gateway.agentUrl, { method: 'POST' }, (response) => {
      let text = ''
      response.on('data', (chunk: Buffer) => (text += chunk.toString()))
      response.on('end', () => {
        // Whatever becomes of the message: 401 is about the token.
        resolve({ status: response.statusCode === 401 ? 401 : 200, text })
      })
    })
    sent.on('error', reject)
    sent.setHeader('authorization', authorization)
    sent.setHeader('content-type', 'application/json')
    sent.setHeader('accept', 'application/json, text/event-stream')
    sent.end(body)
  })
}

test('R-ID-3: replayed after its task has ended, a token is refused, and so is every other of the task', async () => {
  const first = await token()
  expect((await answer(first)).status).toBe(200)
  gateway.remit(['task', 'revoke', String(decodeJwt(first)['txn']), '--reason', 'enough'])
  const refused = await answer(first)
  expect(refused.status).toBe(401)
  expect(refused.challenge).toMatch(/error="invalid_token"/)
  expect(refused.text).toMatch(/revoked: enough/)
})

test('R-ID-4: 403 is for what another token would not change, and asks for none', async () => {
  const agent = decodeJwt(genuine)
  gateway.remit(['kill', '--human', 'mona', '--reason', 'stop all'])
  const stopped = await answer(genuine)
  expect(stopped).toMatchObject({ status: 403, challenge: '' })
  expect(stopped.text).toMatch(/stop all/)
  expect(agent['sub']).toBe('mona')
})
