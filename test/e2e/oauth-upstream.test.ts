import { execFile } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { callTool, connectClient } from '../support/mcp-client.ts'
import { type OAuthUpstream, startOAuthUpstream } from '../support/oauth-upstream.ts'
import { APPROVER_CODE, ROOT, type RunningGateway, startGateway } from '../support/running-gateway.ts'

let upstream: OAuthUpstream
let gateway: RunningGateway

beforeAll(async () => {
  upstream = await startOAuthUpstream()
  gateway = await startGateway({
    policies: ['open'],
    env: { REMIT_LOG_LEVEL: 'debug' },
    prepare: (home) => {
      mkdirSync(join(home, 'open'))
      writeFileSync(join(home, 'open', 'all.cedar'), '@id("all")\npermit (principal, action, resource);\n')
    },
    config: () => `servers:
  notes:
    url: ${upstream.url}
    era: modern
    allowPrivate: true
    session: human
    fileSystem: none
    oauth: {}
    tools: { look: { actions: [data.read] }, fail: { actions: [data.read] } }
`,
  })
})

afterAll(async () => {
  await gateway.remove()
  upstream.close()
})

async function admin(path: string, body?: object): Promise<{ status: number; text: string }> {
  const headers = { authorization: `Bearer mona:${APPROVER_CODE}`, 'content-type': 'application/json' }
  const sent = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }
  const answer = await fetch(`${gateway.adminUrl}${path}`, { headers, ...sent })
  return { status: answer.status, text: await answer.text() }
}

/** `remit servers connect notes …`, while this process goes on to answer as the issuer. */
async function connect(...args: readonly string[]): Promise<string> {
  const main = join(ROOT, 'src', 'cli', 'main.ts')
  const file = join(gateway.home, 'remit.yaml')
  const env = { ...process.env, REMIT_APPROVER: `mona:${APPROVER_CODE}` }
  const words = [main, 'servers', 'connect', 'notes', ...args, '--config', file]
  return (await promisify(execFile)(process.execPath, words, { cwd: gateway.home, env })).stdout
}

async function clientOf(): Promise<Awaited<ReturnType<typeof connectClient>>> {
  const task = { workflow: 'fix-tests', intent: 'mend the failing tests', workspace: gateway.workspace }
  const { token } = JSON.parse((await admin('/tasks', task)).text) as { token: string }
  return connectClient(gateway.agentUrl, token, 'modern')
}

test('R-CRED-1: a server is reached as the human who connected it, and shows nobody the token', async () => {
  const client = await clientOf()
  await expect(client.callTool({ name: 'notes__look', arguments: {} })).rejects.toThrow(
    /`mona` is not connected at `notes`.*remit servers connect notes.*\/servers\/notes\/connect/,
  )
  expect(upstream.shown).toEqual([])
  const page = await fetch(`${gateway.adminUrl}/servers/notes/connect`, { headers: { accept: 'text/html' } })
  expect(await page.text()).toContain('remit servers connect notes')
  expect(gateway.remit(['servers', 'connect', 'notes']).stderr).toMatch(/REMIT_APPROVER/)

  const { flow, url } = JSON.parse(await connect('--json')) as { flow: string; url: string }
  const back = await upstream.agree(url)
  const shown = await (await fetch(back)).text()
  const [, one = '', two = ''] = /<pre>(\d{4}) (\d{4})<\/pre>/.exec(shown) ?? []
  expect(await connect(`--flow=${flow}`, '--number', `${one} ${two}`)).toBe('connected notes\n')

  const told = JSON.stringify(await callTool(client, 'notes__look', {}))
  const failed = String(
    await client.callTool({ name: 'notes__fail', arguments: {} }).catch((error: unknown) => error),
  )
  const bearer = upstream.shown.find(({ method }) => method === 'look')?.authorization ?? ''
  const token = bearer.slice('Bearer '.length)
  expect(token).toHaveLength(32)
  expect(told).toContain('[secret:token-of-notes]')
  expect(failed).toContain('[secret:token-of-notes]')
  const base64 = Buffer.from(`<${token}`).toString('base64').slice(4, 36)
  const places = [
    told,
    failed,
    gateway.output(),
    (await admin('/records?limit=1000')).text,
    (await admin('/secrets')).text,
    (await admin('/servers')).text,
  ]
  for (const place of places) {
    expect(place).not.toContain(token)
    expect(place).not.toContain(base64)
  }
  expect(places[3]).toContain('credential.connected')
  expect(places[4]).not.toContain('oauth:')

  expect((await admin('/servers/notes/disconnect', {})).status).toBe(200)
  await expect(client.callTool({ name: 'notes__look', arguments: {} })).rejects.toThrow(/is not connected/)
  expect(upstream.revoked).toContain(token)
  await client.close()
})
