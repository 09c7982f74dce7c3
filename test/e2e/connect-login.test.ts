import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { decodeJwt } from 'jose'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  type AgentLogin,
  type AgentLoginOptions,
  logInAgent,
} from '../../src/server/agent-login/log-in-agent.ts'
import { answerDevice, askForDevice, pollDevice, typeCode } from '../support/device-flow.ts'
import { heldFetch } from '../support/held-fetch.ts'
import { OAuthFlow } from '../support/oauth-flow.ts'
import { realServers } from '../support/real-servers.ts'
import { ROOT, startGateway, type RunningGateway } from '../support/running-gateway.ts'
import { bareEnviron } from '../support/shared-caches.ts'

let gateway: RunningGateway
let flow: OAuthFlow

beforeAll(async () => {
  gateway = await startGateway({ config: realServers })
  flow = new OAuthFlow(new URL(gateway.agentUrl).origin)
}, 240_000)

afterAll(() => gateway.remove())

const codeIn = (text: string): string => /[B-Z]{4}-[B-Z]{4}/.exec(text)?.[0] ?? ''

/** An agent's host whose human answers as soon as it waits. */
function host(more: Partial<AgentLoginOptions> = {}): AgentLoginOptions & { readonly told: string[] } {
  const told: string[] = []
  return {
    told,
    url: gateway.agentUrl,
    tell: (text) => told.push(text),
    sleep: async () => {
      await answerDevice(gateway, codeIn(told.at(-1) ?? ''))
    },
    now: () => Date.now(),
    log: { log: () => {} },
    ...more,
  }
}

test('R-ID-4: remit connect --login: an agent host with only the URL gets a task that ends with it', async () => {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [join(ROOT, 'bin', 'remit'), 'connect', '--login', '--url', gateway.agentUrl],
    env: bareEnviron(),
    stderr: 'pipe',
  })
  let told = ''
  transport.stderr?.on('data', (chunk: Buffer) => {
    told += chunk.toString()
    if (codeIn(told) !== '' && !asked) {
      asked = true
      void answerDevice(gateway, codeIn(told))
    }
  })
  let asked = false
  const client = new Client({ name: 'agent', version: '1' })
  await client.connect(transport)
  expect((await client.listTools()).tools.length).toBeGreaterThan(0)
  expect(told).toContain(`${gateway.adminUrl}/device`)
  const [task] = JSON.parse(gateway.remit(['task', 'list', '--json']).stdout).tasks as {
    id: string
    holder?: string
  }[]
  expect(task?.holder).toMatch(/^[\w-]{43}$/)
  await client.close()
  expect(gateway.remit(['task', 'show', task?.id ?? '']).stdout).toMatch(/revoked/)
})

test('R-ID-4: a kept login is renewed once for all who need it, used again, and made anew when its task is over', async () => {
  const file = join(gateway.home, 'agent.login')
  let ahead = 0
  const options = host({ file, now: () => Date.now() + ahead })
  const login = await logInAgent(options)
  expect(statSync(file).mode & 0o777).toBe(0o600)
  const first = await login.token()
  expect(decodeJwt(first)['cnf']).toEqual({ jkt: login.key.thumbprint })
  ahead = 10 * 60_000
  const renewed = await Promise.all([login.token(), login.token(), login.token()])
  expect(new Set(renewed).size).toBe(1)
  expect(renewed[0]).not.toBe(first)
  expect(decodeJwt(renewed[0] ?? '')['cnf']).toEqual({ jkt: login.key.thumbprint })
  await expect(logInAgent(options)).rejects.toThrow(/uses this login/)
  await login.end()
  const again = await logInAgent(options)
  expect(options.told.map(codeIn)).toEqual([expect.stringMatching(/./), ''])
  expect(options.told[1]).toContain('has its task')
  expect(again.key.thumbprint).toBe(login.key.thumbprint)
  const call = async (by: AgentLogin): Promise<number> => {
    const held = heldFetch(gateway.agentUrl, await by.token(), by.key)
    return (await flow.call(await by.token(), '/mcp', held)).status
  }
  expect(await call(again)).toBe(200)
  // Without its key it is of no use.
  expect((await flow.call(await again.token())).status).toBe(401)
  const task = String(decodeJwt(first)['txn'])
  gateway.remit(['task', 'revoke', task, '--reason', 'enough'])
  ahead += 10 * 60_000
  expect(await call(again)).toBe(401)
  await again.end()
  const anew = await logInAgent(options)
  expect(options.told.filter((text) => codeIn(text) !== '')).toHaveLength(2)
  expect(decodeJwt(await anew.token())['txn']).not.toBe(task)
  expect(readFileSync(file, 'utf8')).toContain(await anew.token())
  await anew.end()
})

test('R-ID-4: a login that was kept before it had a key gets one, without asking its human again', async () => {
  const file = join(gateway.home, 'old.login')
  const asked = await askForDevice(flow)
  await answerDevice(gateway, asked.user_code)
  const { access_token: access, refresh_token: refresh } = await pollDevice(flow, asked)
  const kept = { url: gateway.agentUrl, clientId: asked.client_id, access, refresh }
  writeFileSync(file, JSON.stringify({ ...kept, expires: Date.now() + 600_000 }), { mode: 0o600 })
  let ahead = 0
  const options = host({ file, now: () => Date.now() + ahead })
  const login = await logInAgent(options)
  const held = heldFetch(gateway.agentUrl, await login.token(), login.key)
  expect((await flow.call(await login.token(), '/mcp', held)).status).toBe(200)
  expect((await flow.call(access)).status).toBe(401)
  ahead = 10 * 60_000
  expect(decodeJwt(await login.token())['cnf']).toEqual({ jkt: login.key.thumbprint })
  await login.end()
  expect(options.told).toEqual([])
})

test('R-SEC-1: a login is not kept in a repository, nor used at another gateway', async () => {
  const repository = join(gateway.home, 'repository')
  mkdirSync(join(repository, '.git'), { recursive: true })
  mkdirSync(join(repository, 'deep'))
  const { status, stderr } = gateway.remit(['connect', '--login-file', join(repository, 'deep', 'login')])
  expect(status).toBe(1)
  expect(stderr).toContain('outside of repositories')
  const file = join(gateway.home, 'other.login')
  const login = await logInAgent(host({ file }))
  await login.end()
  await expect(logInAgent(host({ file, url: `${gateway.agentUrl}/filesystem` }))).rejects.toThrow(
    /is a login at/,
  )
})

test('R-ID-4: a refusal, and nobody who comes, are said', async () => {
  const refusing = host()
  const sleep = async (): Promise<void> => {
    const { browser, form } = await typeCode(gateway, codeIn(refusing.told.at(-1) ?? ''))
    await browser.submit(form, { action: 'refuse' })
  }
  await expect(logInAgent({ ...refusing, sleep })).rejects.toThrow(/a human refused/)
  let now = Date.now()
  const waiting = host({
    now: () => now,
    sleep: async (milliseconds) => {
      now += milliseconds * 100
    },
  })
  await expect(logInAgent(waiting)).rejects.toThrow(/nobody typed the code in time/)
})

test('R-AGT-2: remit doctor asks over the connection of an agent that has a login, by the very lines of its files, and no agent begins', async () => {
  const home = join(gateway.home, 'laptop')
  const file = join(home, 'claude.login')
  mkdirSync(join(home, '.claude'), { recursive: true })
  await (await logInAgent(host({ file }))).end()
  const command = `${join(ROOT, 'bin', 'remit-hook')} claude-code`
  const hooks = { PreToolUse: [{ hooks: [{ type: 'command', command, onFailure: 'block' }] }] }
  const args = ['connect', '--agent', 'claude-code', '--url', gateway.agentUrl, '--login-file', file]
  const remit = { command: join(ROOT, 'bin', 'remit'), args }
  writeFileSync(join(home, '.claude', 'settings.json'), JSON.stringify({ hooks }))
  writeFileSync(join(home, '.claude.json'), JSON.stringify({ mcpServers: { remit } }))
  const { stdout } = gateway.remit(['doctor', '--json'], { HOME: home })
  const { checks } = JSON.parse(stdout) as { checks: { name: string; says: string }[] }
  expect(checks.map(({ says }) => says)).toContain('Claude Code: its hook asked the gateway, and a no held')
  expect(JSON.parse(gateway.remit(['agents', 'list', '--json']).stdout)).toMatchObject({ agents: [] })
})
