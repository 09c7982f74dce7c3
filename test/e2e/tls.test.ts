import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decodeJwt } from 'jose'
import { chromium } from 'playwright-core'
import { Agent, getGlobalDispatcher, setGlobalDispatcher } from 'undici'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { HolderKey } from '../../src/identity/holder-key.ts'
import {
  HAS_OPENSSL,
  makeCertificate,
  SecureClient,
  type MadeCertificate,
} from '../support/client-certificates.ts'
import { answerDevice, askForDevice, DEVICE_GRANT } from '../support/device-flow.ts'
import { askMcp, askModern, type McpAnswer } from '../support/mcp-over-tls.ts'
import { OAuthFlow } from '../support/oauth-flow.ts'
import { findProgram } from '../support/required-programs.ts'
import { APPROVER_CODE, startGateway, type RunningGateway } from '../support/running-gateway.ts'

if (!HAS_OPENSSL) console.log('skipped: certificates for the TLS tests need the `openssl` program')

/** Of the resource server that may ask. */
const SECRET = 'introspect'.padEnd(40, '-')

describe.skipIf(!HAS_OPENSSL)('TLS', () => {
  const folder = mkdtempSync(join(tmpdir(), 'remit-tls-'))
  const before = getGlobalDispatcher()
  let own: MadeCertificate
  let gateway: RunningGateway
  let base: string
  /** Agents, each over connections of its own. */
  let [holder, thief, nobody]: SecureClient[] = []
  let thumbprint: string
  let other: string

  beforeAll(async () => {
    own = makeCertificate(folder, 'own')
    const [mine, theirs] = [makeCertificate(folder, 'mine'), makeCertificate(folder, 'theirs')]
    thumbprint = mine.thumbprint
    other = theirs.thumbprint
    const { cert, key } = own.files
    gateway = await startGateway({
      config: () => `tls: { cert: ${cert}, key: ${key}, clientCertificates: optional }
oauth: { introspection: { tickets: { secret: 'secret:introspect' } } }
`,
      prepare: (home) => {
        const secrets = join(home, '.remit', 'secrets')
        mkdirSync(secrets, { recursive: true, mode: 0o700 })
        writeFileSync(join(secrets, 'introspect'), SECRET, { mode: 0o600 })
      },
      env: { NODE_EXTRA_CA_CERTS: cert },
      tls: true,
    })
    base = new URL(gateway.agentUrl).origin
    holder = new SecureClient({ ca: own.cert, as: mine })
    thief = new SecureClient({ ca: own.cert, as: theirs })
    nobody = new SecureClient({ ca: own.cert })
    setGlobalDispatcher(new Agent({ connect: { ca: own.cert } }))
  }, 240_000)

  afterAll(async () => {
    for (const each of [holder, thief, nobody]) each?.close()
    await getGlobalDispatcher().close()
    setGlobalDispatcher(before)
    await gateway?.remove()
    rmSync(folder, { recursive: true })
  })

  const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
  const list = (by: SecureClient | undefined, token: string): Promise<McpAnswer> =>
    askModern(by!, gateway.agentUrl, bearer(token))
  const post = (
    by: SecureClient | undefined,
    path: string,
    token: string,
    body: object,
  ): Promise<McpAnswer> => askMcp(by!, `${base}${path}`, { headers: bearer(token), body })

  test('R-SEC-1: both planes speak TLS with the configured certificate, and nothing else', async () => {
    const { token, url } = gateway.task()
    expect(url).toMatch(/^https:/)
    expect((await list(nobody, token)).told).toBe('200')
    await expect(fetch(url.replace('https:', 'http:'))).rejects.toThrow('fetch failed')
  })

  const program = findProgram('chromium')
  test.skipIf(program === undefined)(
    'R-SEC-1: over TLS the session’s cookie is `Secure`, and bound to its host and to nothing wider',
    async () => {
      const chrome = await chromium.launch({ executablePath: program ?? '', args: ['--no-sandbox'] })
      const context = await chrome.newContext({ ignoreHTTPSErrors: true })
      const page = await context.newPage()
      await page.goto(`${gateway.adminUrl}/login`)
      await page.fill('#code', APPROVER_CODE)
      await page.click('#code-form button')
      await page.waitForSelector('#account:not([hidden])')
      expect(await context.cookies()).toMatchObject([
        { name: '__Host-remit_session', secure: true, httpOnly: true, sameSite: 'Strict', path: '/' },
      ])
      await page.click('#log-out')
      await page.waitForSelector('#use-passkey')
      expect(await context.cookies()).toEqual([])
      await chrome.close()
    },
  )

  describe('R-ID-4: tasks that a certificate holds (RFC 8705)', () => {
    test('attacks on the certificate’s token: with another, with none, as a key’s, and with what a proxy would say', async () => {
      const { token } = gateway.task([`--cert-thumbprint=${thumbprint}`])
      expect(decodeJwt(token)['cnf']).toEqual({ 'x5t#S256': thumbprint })
      expect((await list(holder, token)).told).toBe('200')
      expect(await list(holder, token)).toMatchObject({ told: '200', reused: true })
      const key = HolderKey.make()
      const proof = key.prove({ method: 'POST', url: gateway.agentUrl, token, now: Date.now() })
      const asKey = { authorization: `DPoP ${token}`, dpop: proof }
      const tries = [
        await list(nobody, token),
        await list(thief, token),
        await askModern(holder!, gateway.agentUrl, asKey),
        // What a proxy would say of a certificate is not listened to.
        await askModern(nobody!, gateway.agentUrl, {
          ...bearer(token),
          'client-cert': `:${own.cert.toString('base64')}:`,
          'x-forwarded-client-cert': `Hash=${thumbprint}`,
        }),
      ]
      expect(tries.map(({ told }) => told)).toEqual([
        '401 certificate_missing',
        '401 certificate_invalid',
        '401 certificate_missing',
        '401 certificate_missing',
      ])
      for (const { headers } of tries)
        expect(headers['www-authenticate']).toMatch(/^Bearer error="invalid_token", resource_metadata="/)
      expect((await list(holder, token)).told).toBe('200')
    })

    test('a session is its holder’s alone, its stream too, and it may delegate as the holder of a key may', async () => {
      const { token } = gateway.task([`--cert-thumbprint=${thumbprint}`])
      const params = {
        protocolVersion: '2025-11-25',
        capabilities: {},
        clientInfo: { name: 'a', version: '1' },
      }
      const hello = { jsonrpc: '2.0', id: 1, method: 'initialize', params }
      const opened = await askMcp(holder!, gateway.agentUrl, { headers: bearer(token), body: hello })
      const session = { 'mcp-session-id': String(opened.headers['mcp-session-id']) }
      const ping = {
        headers: { ...bearer(token), ...session },
        body: { jsonrpc: '2.0', id: 2, method: 'ping' },
      }
      const told: string[] = []
      for (const by of [holder, thief, nobody]) told.push((await askMcp(by!, gateway.agentUrl, ping)).told)
      for (const by of [thief, nobody])
        told.push((await askMcp(by!, gateway.agentUrl, { headers: ping.headers })).told)
      expect(told).toEqual([
        '200',
        '401 certificate_invalid',
        '401 certificate_missing',
        '401 certificate_invalid',
        '401 certificate_missing',
      ])
      // A bearer's is denied by policy; a held one is put to a human.
      const child = { intent: 'look', holder: `x5t#S256:${other}` }
      expect((await post(holder, '/delegate', token, child)).told).toMatch(/approval_pending$/)
      expect((await post(thief, '/delegate', token, child)).told).toBe('401 certificate_invalid')
    })

    test('what nobody holds is bound to the certificate that asks first, and its bearer’s token is of no use from then on', async () => {
      const { token } = gateway.task()
      expect((await list(nobody, token)).told).toBe('200')
      expect((await post(nobody, '/bind', token, {})).told).toBe('401 proof_missing')
      const bound = await post(holder, '/bind', token, {})
      expect(JSON.parse(bound.text)).toMatchObject({ task: { holder: `x5t#S256:${thumbprint}` } })
      expect((await list(nobody, token)).told).toBe('401 certificate_missing')
      expect((await post(thief, '/bind', token, {})).told).toBe('401 certificate_invalid')
      expect((await list(holder, token)).told).toBe('200')
    })

    test('an OAuth client that is registered so gets tokens for its certificate, which introspection tells, and a refresh token in other hands ends the task', async () => {
      const metadata = await nobody!.send(`${base}/.well-known/oauth-authorization-server`)
      const resource = await nobody!.send(`${base}/.well-known/oauth-protected-resource/mcp`)
      for (const { text } of [metadata, resource])
        expect(JSON.parse(text)).toMatchObject({ tls_client_certificate_bound_access_tokens: true })
      const flow = new OAuthFlow(base)
      const asked = await askForDevice(flow, { tls_client_certificate_bound_access_tokens: true })
      await answerDevice(gateway, asked.user_code)
      const { client_id, device_code } = asked
      const redeem = async (by: SecureClient | undefined, fields: Record<string, string>) => {
        const body = new URLSearchParams({ client_id, ...fields }).toString()
        const type = { 'content-type': 'application/x-www-form-urlencoded' }
        const { text } = await by!.send(`${base}/oauth/token`, type, body)
        return JSON.parse(text) as Readonly<Record<string, string>>
      }
      const device = { grant_type: DEVICE_GRANT, device_code }
      expect(await redeem(nobody, device)).toMatchObject({ error: 'invalid_grant' })
      const first = await redeem(holder, device)
      expect(first).toMatchObject({ token_type: 'Bearer' })
      const token = String(first['access_token'])
      expect(decodeJwt(token)['cnf']).toEqual({ 'x5t#S256': thumbprint })
      expect((await list(holder, token)).told).toBe('200')
      expect((await list(thief, token)).told).toBe('401 certificate_invalid')
      const introspected = await nobody!.send(
        `${base}/oauth/introspect`,
        {
          'content-type': 'application/x-www-form-urlencoded',
          authorization: `Basic ${Buffer.from(`tickets:${SECRET}`).toString('base64')}`,
        },
        new URLSearchParams({ token }).toString(),
      )
      expect(JSON.parse(introspected.text)).toMatchObject({
        active: true,
        token_type: 'Bearer',
        cnf: { 'x5t#S256': thumbprint },
      })
      const refresh = { grant_type: 'refresh_token', refresh_token: String(first['refresh_token']) }
      const second = await redeem(holder, refresh)
      expect((await list(holder, String(second['access_token']))).told).toBe('200')
      const next = { grant_type: 'refresh_token', refresh_token: String(second['refresh_token']) }
      expect(await redeem(thief, next)).toMatchObject({ error: 'invalid_grant' })
      expect((await list(holder, token)).told).toBe('401 task_revoked')
    })
  })
})
