import { spawn } from 'node:child_process'
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { CookieBrowser } from '../support/cookie-browser.ts'
import { freePort } from '../support/free-port.ts'
import { DELEGATE, OAuthFlow } from '../support/oauth-flow.ts'
import { APPROVER_CODE, ROOT, startGateway, type RunningGateway } from '../support/running-gateway.ts'

const SUITE = join(ROOT, 'node_modules', '@modelcontextprotocol', 'conformance', 'dist', 'index.js')

let gateway: RunningGateway
let folder: string

beforeAll(async () => {
  gateway = await startGateway({ config: () => '' })
  folder = mkdtempSync(join(tmpdir(), 'remit-conformance-'))
}, 240_000)

afterAll(async () => {
  await gateway.remove()
  rmSync(folder, { recursive: true })
})

interface Check {
  readonly id: string
  readonly status: string
  readonly errorMessage?: string
}

/** A human goes where the suite says, delegates, and their browser calls the suite back. */
async function answer(url: string, callback: string): Promise<void> {
  const browser = new CookieBrowser(callback)
  const login = await browser.go(url)
  await browser.submit(await browser.submit(login, { action: 'login', code: APPROVER_CODE }), DELEGATE)
  if (browser.called === undefined) throw new Error('the gateway sent the browser nowhere')
  await fetch(browser.called)
}

test('R-MCP-1 R-ID-4: the official suite finds nothing wrong with the authorization server', async () => {
  const { origin } = new URL(gateway.agentUrl)
  const port = String(await freePort())
  const callback = `http://127.0.0.1:${port}/callback`
  const { client_id } = await new OAuthFlow(origin).register({ redirect_uris: [callback] })
  const given = ['--url', origin, '--client-id', client_id, '--resource', gateway.agentUrl]
  const child = spawn(process.execPath, [SUITE, 'authorization', ...given, '-p', port, '-o', folder])
  let printed = ''
  let answered: Promise<void> | undefined
  const hear = (chunk: Buffer): void => {
    printed += chunk.toString()
    const url = /https?:\S+\/oauth\/authorize\?\S+/.exec(printed)?.[0]
    if (url !== undefined) answered ??= answer(url, callback)
  }
  child.stdout.on('data', hear)
  child.stderr.on('data', hear)
  await new Promise((resolve) => {
    child.once('close', resolve)
  })
  await answered
  const checks = globSync('**/checks.json', { cwd: folder }).flatMap(
    (file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as Check[],
  )
  expect(checks.filter(({ status }) => status !== 'SUCCESS')).toEqual([])
  expect(checks.length).toBeGreaterThanOrEqual(3)
}, 60_000)
