import { createPrivateKey } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decodeJwt, decodeProtectedHeader, SignJWT } from 'jose'
import { Agent, getGlobalDispatcher, setGlobalDispatcher } from 'undici'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { HolderKey } from '../../src/identity/holder-key.ts'
import { HAS_OPENSSL, makeCertificate, SecureClient } from '../support/client-certificates.ts'
import { CookieBrowser } from '../support/cookie-browser.ts'
import { answerDevice, askForDevice, pollDevice } from '../support/device-flow.ts'
import { askMcp, askModern } from '../support/mcp-over-tls.ts'
import { CALLBACK, OAuthAgent } from '../support/oauth-agent.ts'
import { DELEGATE, OAuthFlow } from '../support/oauth-flow.ts'
import { type Reach, type RemoteGateway, startRemoteGateway } from '../support/remote-gateway.ts'
import { APPROVER_CODE } from '../support/running-gateway.ts'

if (!HAS_OPENSSL) console.log('skipped: a gateway that is reached over TLS needs the `openssl` program')

const REACHES: readonly Reach[] = ['with a certificate of its own', 'behind a reverse proxy']

const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

describe.skipIf(!HAS_OPENSSL).each(REACHES)('a remote agent at a gateway %s', (reach) => {
  const folder = mkdtempSync(join(tmpdir(), 'remit-remote-tls-'))
  const before = getGlobalDispatcher()
  const agent = new OAuthAgent('an agent far away')
  let dialler: SecureClient
  let gateway: RemoteGateway
  let flow: OAuthFlow
  let mcp: string

  beforeAll(async () => {
    const own = makeCertificate(folder, 'own')
    dialler = new SecureClient({ ca: own.cert, servername: 'localhost' })
    setGlobalDispatcher(new Agent({ connect: { ca: own.cert } }))
    gateway = await startRemoteGateway(reach, own)
    flow = new OAuthFlow(gateway.publicUrl)
    mcp = `${gateway.publicUrl}/mcp`
  }, 240_000)

  afterAll(async () => {
    dialler?.close()
    await gateway?.stop()
    await getGlobalDispatcher().close()
    setGlobalDispatcher(before)
    rmSync(folder, { recursive: true })
  })

  test('R-ID-4: every document of discovery names the public URL, whatever a proxy or a client says beside it', async () => {
    const headers = { 'x-forwarded-host': 'evil.example', forwarded: 'host=evil.example' }
    const challenge = (await askModern(dialler, mcp, headers)).headers['www-authenticate']
    const known = `${gateway.publicUrl}/.well-known/oauth-protected-resource/mcp`
    expect(challenge).toContain(`resource_metadata="${known}"`)
    const document = async (url: string): Promise<Record<string, unknown>> =>
      (await (await fetch(url, { headers })).json()) as Record<string, unknown>
    const resource = await document(known)
    expect(resource).toMatchObject({ resource: mcp, authorization_servers: [gateway.publicUrl] })
    const server = await document(`${gateway.publicUrl}/.well-known/oauth-authorization-server`)
    const urls = Object.values(server).filter(
      (value) => typeof value === 'string' && /^https?:/.test(value),
    ) as string[]
    expect(urls.length).toBeGreaterThan(4)
    expect(urls.filter((url) => !url.startsWith(gateway.publicUrl))).toEqual([])
  })

  test('R-API-1: the SDK’s own client logs in, lists, calls what is allowed, and what waits once somebody agreed', async () => {
    const transport = await agent.dial(mcp)
    const browser = new CookieBrowser(CALLBACK)
    const login = await browser.go(agent.wants ?? '')
    const form = await browser.submit(login, { action: 'login', code: APPROVER_CODE })
    await browser.submit(form, { ...DELEGATE, workspace: gateway.workspace })
    await transport.finishAuth(browser.called?.searchParams ?? new URLSearchParams())
    expect(decodeJwt(agent.kept?.access_token ?? '')).toMatchObject({ iss: gateway.publicUrl, aud: mcp })
    const client = await agent.connect(mcp)
    const tools = (await client.listTools()).tools.map(({ name }) => name)
    expect(tools).toEqual(expect.arrayContaining(['filesystem__read_text_file', 'filesystem__write_file']))
    const read = {
      name: 'filesystem__read_text_file',
      arguments: { path: `${gateway.workspace}/src/add.ts` },
    }
    expect(JSON.stringify(await client.callTool(read))).toContain('export const add')
    const write = (file: string) => {
      const path = join(gateway.workspace, file)
      return { name: 'filesystem__write_file', arguments: { path, content: '{}\n' } }
    }
    const asked = JSON.stringify(await client.callTool(write('package.json')))
    const approval = /apr_[0-9a-z]+/.exec(asked)?.[0] ?? asked
    expect(asked).toContain(`${gateway.adminUrl}/approvals/${approval}`)
    expect(existsSync(join(gateway.workspace, 'package.json'))).toBe(false)
    await gateway.approve(approval)
    expect(JSON.stringify(await client.callTool(write('package.json')))).toMatch(/wrote/i)
    expect(readFileSync(join(gateway.workspace, 'package.json'), 'utf8')).toBe('{}\n')
    // No key holds the task of a client that sends no proofs.
    const workflow = write('.github/workflows/release.yml')
    expect(JSON.stringify(await client.callTool(workflow))).toContain('bearer-changes')
    await client.close()
    // Nobody heard of its hooks, so it is not among the agents that were heard of.
    const fleet = await fetch(`${gateway.adminUrl}/fleet`, { headers: bearer(APPROVER_CODE) })
    expect(await fleet.json()).toMatchObject({ agents: [] })
  })

  test('R-ID-4: a key holds the task by proofs for the public URL, and for no other', async () => {
    const key = HolderKey.make()
    const asked = await askForDevice(flow)
    await answerDevice(gateway, asked.user_code)
    const { access_token: token = '' } = await pollDevice(flow, asked, key)
    expect(decodeJwt(token)['cnf']).toEqual({ jkt: key.thumbprint })
    const shown = async (url: string): Promise<string> => {
      const proof = key.prove({ method: 'POST', url, token, now: Date.now() })
      return (await askModern(dialler, mcp, { authorization: `DPoP ${token}`, dpop: proof })).told
    }
    expect(await shown(mcp)).toBe('200')
    for (const url of gateway.otherUrls) expect(await shown(`${url}/mcp`)).toBe('401 proof_invalid')
    expect((await askModern(dialler, mcp, bearer(token))).told).toBe('401 proof_missing')
  })

  test('R-SEC-1: a foreign host or page is refused, and so is a token for another URL', async () => {
    const genuine = agent.kept?.access_token ?? ''
    const host = new URL(mcp).host
    const sent = async (headers: Readonly<Record<string, string>>): Promise<string> =>
      (await askMcp(dialler, mcp, { headers: { ...bearer(genuine), ...headers }, body: {} })).told
    expect(await sent({ host })).toMatch(/^400/)
    expect(await sent({ host: 'evil.example' })).toBe('403 host_refused')
    expect(await sent({ host: 'evil.example', 'x-forwarded-host': host })).toBe('403 host_refused')
    expect(await sent({ host, origin: 'https://evil.example' })).toBe('403 origin_refused')
    const key = createPrivateKey(readFileSync(join(gateway.home, '.remit', 'keys', 'task-token.pem')))
    const header = decodeProtectedHeader(genuine) as { alg: string }
    const forUrl = async (aud: string): Promise<string> => {
      const token = new SignJWT({ ...decodeJwt(genuine), aud }).setProtectedHeader(header)
      return (await askModern(dialler, mcp, bearer(await token.sign(key)))).told
    }
    expect(await forUrl(mcp)).toBe('200')
    for (const url of gateway.otherUrls) expect(await forUrl(`${url}/mcp`)).toBe('401 token_audience')
  })
})
