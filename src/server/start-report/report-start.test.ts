import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { reportBody } from '../../api/fleet-contract.ts'
import type { StartReport } from '../../core/fleet.ts'
import type { JsonObject } from '../../core/json.ts'
import { packageVersion } from '../package-version.ts'
import { reportStart } from './report-start.ts'

const SECRET = 'ghp_averysecretvalue0123456789'
let home: string
let server: Server
let told: { readonly url: string | undefined; readonly proof: string | undefined; readonly body: string }[]
let status: number
let warned: string[]

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'remit-report-'))
  mkdirSync(join(home, '.claude'))
  told = []
  warned = []
  status = 200
  server = createServer((request, response) => {
    void hear(request, response)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
})
afterEach(() => {
  server.close()
  rmSync(home, { recursive: true })
})

async function hear(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { url, headers } = request
  told.push({ url, proof: headers['dpop'] as string, body: await text(request) })
  response.writeHead(status).end('{}')
}

async function report(params: JsonObject, path = '/mcp'): Promise<StartReport | undefined> {
  const { port } = server.address() as AddressInfo
  await reportStart(
    {
      agent: 'claude-code',
      environ: { HOME: home },
      cwd: home,
      endpoint: `http://127.0.0.1:${port}${path}`,
      access: { headers: async () => ({ dpop: 'proof' }), asksForNonce: () => false },
      log: { log: (_level, event) => warned.push(event) },
      signal: new AbortController().signal,
    },
    params,
  )
  const last = told.at(-1)
  return last && (reportBody.parse(JSON.parse(last.body)) as StartReport)
}

test('R-AGT-1: a start report says which agent begins, in which version, where, and how its hooks are, and no value of anything', async () => {
  const settings = join(home, '.claude', 'settings.json')
  const hook = (command: string) => [{ hooks: [{ type: 'command', command }] }]
  const env = { GITHUB_TOKEN: SECRET }
  writeFileSync(settings, JSON.stringify({ env, hooks: { PostToolUse: hook('remit-hook claude-code') } }))
  const first = await report({ clientInfo: { name: 'claude-code', version: '2.1.330' } })
  expect(first).toMatchObject({
    agent: 'claude-code',
    version: '2.1.330',
    remit: packageVersion(),
    machine: { name: hostname() },
    hooks: { files: 'changed' },
  })
  expect(told[0]).toMatchObject({ url: '/agents/v1/report', proof: 'proof' })
  expect(told[0]?.body).not.toMatch(/ghp_|remit-hook|GITHUB/)
  rmSync(settings)
  const modern = { _meta: { 'io.modelcontextprotocol/clientInfo': { name: 'x', version: '2.2.0' } } }
  const second = await report(modern, '/t/acme/mcp/one')
  expect(second).toMatchObject({
    version: '2.2.0',
    machine: { id: first?.machine.id },
    hooks: { files: 'missing' },
  })
  expect(told[1]?.url).toBe('/t/acme/agents/v1/report')
  const kept = readFileSync(join(home, '.local', 'state', 'remit', 'machine-id'), 'utf8')
  expect(kept.trim()).toBe(first?.machine.id)
})

test('R-AGT-1: an agent works on where its report is not taken, and where it says no version that is one', async () => {
  status = 404
  expect(await report({ clientInfo: { name: 'x', version: 'a b\n' } })).not.toHaveProperty('version')
  expect(warned).toEqual([expect.stringContaining('404')])
})
