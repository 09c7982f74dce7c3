import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decodeJwt } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CookieBrowser } from '../support/cookie-browser.ts'
import { answerDevice, askForDevice, pollDevice } from '../support/device-flow.ts'
import { type DocumentServer, startDocumentServer } from '../support/document-server.ts'
import { CALLBACK, OAuthAgent } from '../support/oauth-agent.ts'
import { OAuthAgentV1 } from '../support/oauth-agent-v1.ts'
import { DELEGATE, OAuthFlow } from '../support/oauth-flow.ts'
import { realServers } from '../support/real-servers.ts'
import { APPROVER_CODE, startGateway, type RunningGateway } from '../support/running-gateway.ts'

const hasOpenssl = spawnSync('openssl', ['version']).status === 0
if (!hasOpenssl) console.log('skipped: a published document needs a certificate of the `openssl` program')

/** An agent of either SDK, as far as both are alike. */
interface Agent {
  readonly wants: URL | undefined
  client: { readonly client_id: string } | undefined
  kept: { access_token: string; token_type: string; refresh_token?: string } | undefined
  dial(url: string): Promise<(answer: URLSearchParams) => Promise<void>>
  connect(url: string): Promise<{ listTools(): Promise<{ tools: unknown[] }>; close(): Promise<void> }>
}

class AgentV2 extends OAuthAgent {
  override async dial(url: string): Promise<never> {
    const transport = await super.dial(url)
    return ((answer: URLSearchParams) => transport.finishAuth(answer)) as never
  }
}

const SDKS: Readonly<Record<string, (documentUrl?: string) => Agent>> = {
  'SDK v1': (url) => new OAuthAgentV1(CALLBACK, url) as Agent,
  'SDK v2': (url) => new AgentV2('SDK v2', CALLBACK, url) as unknown as Agent,
}

let folder: string
let documents: DocumentServer
let gateway: RunningGateway

beforeAll(async () => {
  if (!hasOpenssl) return
  folder = mkdtempSync(join(tmpdir(), 'remit-documents-'))
  documents = await startDocumentServer(folder, {
    client_name: 'Published agent',
    redirect_uris: [CALLBACK],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    token_endpoint_auth_method: 'none',
  })
  gateway = await startGateway({
    config: (at) => `${realServers(at)}oauth: { privateDocuments: ['${documents.host}'] }\n`,
    env: { NODE_EXTRA_CA_CERTS: documents.cert },
  })
}, 240_000)

afterAll(async () => {
  if (!hasOpenssl) return
  await gateway.remove()
  documents.close()
  rmSync(folder, { recursive: true })
})

describe.skipIf(!hasOpenssl).each(Object.keys(SDKS))('R-ID-4: the OAuth client of %s', (sdk) => {
  const agentOf = (url?: string): Agent => SDKS[sdk]?.(url) ?? expect.unreachable()

  /** A human answers in their browser. @returns what they read. */
  async function byBrowser(agent: Agent): Promise<string> {
    const finish = await agent.dial(gateway.agentUrl)
    const browser = new CookieBrowser(CALLBACK)
    const login = await browser.go(agent.wants ?? '')
    await browser.submit(await browser.submit(login, { action: 'login', code: APPROVER_CODE }), DELEGATE)
    await finish(browser.called?.searchParams ?? new URLSearchParams())
    return login.text
  }

  /** Lists with what it has, and again when its access token is not good any more: it renews that by itself. */
  async function works(agent: Agent): Promise<void> {
    const task = decodeJwt(agent.kept?.access_token ?? '')['txn']
    for (const spoil of [false, true]) {
      if (spoil && agent.kept !== undefined) agent.kept = { ...agent.kept, access_token: 'over' }
      const client = await agent.connect(gateway.agentUrl)
      expect((await client.listTools()).tools.length).toBeGreaterThan(0)
      await client.close()
    }
    expect(decodeJwt(agent.kept?.access_token ?? '')['txn']).toBe(task)
  }

  test('with the address of its document for a name', async () => {
    const agent = agentOf(documents.url)
    expect(await byBrowser(agent)).toContain(`published by <strong>${documents.host}</strong>`)
    expect(agent.client?.client_id).toBe(documents.url)
    expect(documents.fetched()).toBe(1)
    await works(agent)
  })

  test('with a registration of its own', async () => {
    const agent = agentOf()
    expect(await byBrowser(agent)).toMatch(/nothing\s+about\s+it\s+is\s+proved/)
    await works(agent)
  })

  test('with tokens of the device flow', async () => {
    const flow = new OAuthFlow(new URL(gateway.agentUrl).origin)
    const asked = await askForDevice(flow)
    await answerDevice(gateway, asked.user_code)
    const { status, access_token = '', refresh_token = '' } = await pollDevice(flow, asked)
    expect(status).toBe(200)
    const agent = agentOf()
    agent.client = { client_id: asked.client_id }
    agent.kept = { access_token, refresh_token, token_type: 'Bearer' }
    await works(agent)
  })
})
