import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type LeakingUpstream, startLeakingUpstream } from '../support/leaking-upstream.ts'
import { callTool, connectClient } from '../support/mcp-client.ts'
import { APPROVER_CODE, ROOT, startGateway, type RunningGateway } from '../support/running-gateway.ts'

const APPROVER = { REMIT_APPROVER: `mona:${APPROVER_CODE}` }
const READ = 'r3ad-only/T0ken+with"signs'
const WRITE = 'wr1te-T0ken-4b7c9d2e'
const NEXT = 'r0tated-T0ken-99aa11'
const STDIO = 'std10-T0ken-7f3e5a1c'
/** Prints its secret where the gateway logs it, and ends. */
const TELLTALE = `process.stderr.write('I hold ' + process.env.TOKEN + ' ' + Buffer.from(process.env.TOKEN).toString('hex') + String.fromCharCode(10)); setTimeout(() => process.exit(1), 50)`

let upstream: LeakingUpstream
let gateway: RunningGateway

/** `remit secrets …` with a value on the standard input. */
function secrets(args: readonly string[], value = '', env: NodeJS.ProcessEnv = APPROVER) {
  const main = join(ROOT, 'src', 'cli', 'main.ts')
  const file = join(gateway.home, 'remit.yaml')
  const { REMIT_APPROVER: _code, ...rest } = process.env
  const options = { input: value, encoding: 'utf8', cwd: gateway.home, env: { ...rest, ...env } } as const
  return spawnSync(process.execPath, [main, 'secrets', ...args, '--config', file], options)
}

/** What the commands send, where the command itself is not what is looked at: a process for each takes a second. */
async function tell(path: string, body: object): Promise<string> {
  const authorization = `Bearer mona:${APPROVER_CODE}`
  const headers = { authorization, 'content-type': 'application/json' }
  const answer = await fetch(`${gateway.adminUrl}${path}`, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  })
  return answer.text()
}

async function shown(path: string, method: 'GET' | 'POST' = 'GET'): Promise<string> {
  const authorization = `Bearer mona:${APPROVER_CODE}`
  const headers = { authorization, 'content-type': 'application/json' }
  const body = method === 'POST' ? { body: '{}' } : {}
  return (await fetch(`${gateway.adminUrl}${path}`, { method, headers, ...body })).text()
}

async function taskToken(environment?: string): Promise<string> {
  const body = {
    workflow: 'fix-tests',
    intent: 'mend the failing tests',
    workspace: gateway.workspace,
    ...(environment === undefined ? {} : { environment }),
  }
  return (JSON.parse(await tell('/tasks', body)) as { token: string }).token
}

/** No form of any secret is in a text. */
function expectNothing(text: string): void {
  for (const secret of [READ, WRITE, NEXT, STDIO]) {
    const bytes = Buffer.from(secret)
    for (const form of [
      secret,
      JSON.stringify(secret).slice(1, -1),
      encodeURIComponent(secret),
      bytes.toString('hex'),
      bytes.toString('base64').replace(/=+$/, ''),
    ]) {
      expect(text.includes(form)).toBe(false)
    }
  }
}

beforeAll(async () => {
  upstream = await startLeakingUpstream()
  gateway = await startGateway({
    env: { REMIT_LOG_LEVEL: 'debug' },
    policies: ['open'],
    prepare: (home) => {
      mkdirSync(join(home, 'open'))
      writeFileSync(join(home, 'open', 'all.cedar'), '@id("all")\npermit (principal, action, resource);\n')
    },
    config: () => `servers:
  forge:
    url: ${upstream.url}
    era: modern
    fileSystem: none
    credentials:
      - when: { effect: read }
        headers: { Authorization: "Bearer secret:forge-read" }
      - when: { effect: write, environment: [laptop] }
        headers: { Authorization: "Bearer secret:forge-write" }
    tools:
      look: { actions: [data.read] }
      fail: { actions: [data.read] }
      large: { actions: [data.read] }
      write: { actions: [file.write] }
  telltale:
    command: ${process.execPath}
    args: ["-e", ${JSON.stringify(TELLTALE)}]
    env: { TOKEN: "secret:telltale" }
`,
  })
})

afterAll(async () => {
  await gateway.remove()
  upstream.close()
})

describe('a gateway that holds the credentials', () => {
  test('R-CRED-1: sends nothing to a server whose secret is missing, and says how to set it', async () => {
    const { servers } = JSON.parse(await shown('/servers/check', 'POST')) as {
      servers: readonly { key: string; ok: boolean; error: string }[]
    }
    const forge = servers.find(({ key }) => key === 'forge')
    expect(forge?.error).toMatch(/^credential_needed: .*remit secrets set forge-read/)
    expect(upstream.shown).toEqual([])
  })

  test('R-CRED-1: takes secrets from an approver only, and none that is short or there already', async () => {
    expect(secrets(['set', 'forge-read'], READ, {}).stderr).toMatch(/REMIT_APPROVER/)
    expect(await tell('/secrets', { name: 'forge-read', value: 'short' })).toMatch(/at least 8 characters/)
    expect(secrets(['set', 'forge-read'], `${READ}\n`).stderr).toBe('')
    for (const [name, value] of [
      ['forge-write', WRITE],
      ['telltale', STDIO],
      ['unused', NEXT],
    ] as const) {
      expect(await tell('/secrets', { name, value })).toContain('"version":1')
    }
    expect(await tell('/secrets', { name: 'forge-read', value: READ })).toMatch(
      /remit secrets rotate forge-read/,
    )
  })

  test('R-CRED-1: reads with one credential, writes with another, and never forwards the agent’s token', async () => {
    const token = await taskToken()
    const client = await connectClient(gateway.agentUrl, token, 'modern')
    const before = upstream.shown.length
    const told = [
      JSON.stringify(await client.listTools()),
      JSON.stringify(await callTool(client, 'forge__look', {})),
      JSON.stringify(await callTool(client, 'forge__write', {})),
      JSON.stringify(await callTool(client, 'forge__large', {})),
      String(await client.callTool({ name: 'forge__fail', arguments: {} }).catch((error: unknown) => error)),
      String(client.getInstructions()),
    ]
    await client.close()
    const of = (method: string) => upstream.shown.slice(before).find((each) => each.method === method)
    expect(of('tools/list')?.authorization).toBe(`Bearer ${READ}`)
    expect(of('look')?.authorization).toBe(`Bearer ${READ}`)
    expect(of('write')?.authorization).toBe(`Bearer ${WRITE}`)
    expect(upstream.shown.filter(({ all }) => all.includes(token))).toEqual([])
    for (const text of told) expectNothing(text)
    expect(told[1]).toContain('[secret:forge-read]')
    expect(told[2]).toContain('[secret:forge-write]')
    expect(told[3]?.length).toBeGreaterThan(1_048_576)
    expect(told[3]?.split('[secret:forge-read]')).toHaveLength(7)
  })

  test('R-CRED-1: denies a write in an environment that has no credential, before anything is sent', async () => {
    const client = await connectClient(gateway.agentUrl, await taskToken('staging'), 'modern')
    const before = upstream.shown.length
    const told = await client
      .callTool({ name: 'forge__write', arguments: {} })
      .catch((error: unknown) => String(error))
    await client.close()
    expect(JSON.stringify(told)).toMatch(
      /no credential to write with on `forge` in the environment `staging`/,
    )
    expect(upstream.shown.slice(before).filter(({ method }) => method === 'write')).toEqual([])
  })

  test('R-CRED-1: uses a rotated secret with the next call, and keeps one that is in use unless forced', async () => {
    expect(secrets(['rotate', 'forge-read'], NEXT).stderr).toBe('')
    const client = await connectClient(gateway.agentUrl, await taskToken(), 'modern')
    expectNothing(JSON.stringify(await callTool(client, 'forge__look', {})))
    expect(upstream.shown.at(-1)?.authorization).toBe(`Bearer ${NEXT}`)
    expect(await tell('/secrets/forge-read/remove', { force: false })).toMatch(/used by `forge`/)
    expect(secrets(['remove', 'forge-read', '--force']).stderr).toBe('')
    const before = upstream.shown.length
    await expect(client.callTool({ name: 'forge__look', arguments: {} })).rejects.toThrow(/needs the secret/)
    expect(upstream.shown).toHaveLength(before)
    await client.close()
  })

  test('R-CRED-1: shows no value in lists, records, status, metrics, stderr of servers, log or files', async () => {
    const printed = [
      gateway.remit(['secrets', 'list', '--json']).stdout,
      await shown('/servers/check', 'POST'),
      await shown('/servers'),
      await shown('/servers/review?known=true'),
      await shown('/status'),
      await shown('/records?limit=1000'),
      await shown('/metrics'),
    ]
    for (const text of [gateway.output(), ...printed]) expectNothing(text)
    expect(gateway.output()).toContain('I hold [secret:telltale] [secret:telltale]')
    expect(printed[0]).toContain('"name":"telltale"')
    expect(printed[5]).toContain('secret.rotated')
    const state = join(gateway.home, '.remit')
    for (const name of readdirSync(state, { recursive: true, encoding: 'utf8' })) {
      const bytes = (() => {
        try {
          return readFileSync(join(state, name)).toString('latin1')
        } catch {
          return ''
        }
      })()
      expectNothing(bytes)
    }
  })
})
