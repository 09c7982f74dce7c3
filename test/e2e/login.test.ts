import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import type { Approval } from '../../src/core/approval.ts'
import { verifyKeptAssertion } from '../../src/login/verify-assertion.ts'
import type { RunningGateway } from '../../src/server/compose.ts'
import { type HumanGateway, startHumanGateway } from '../support/human-gateway.ts'
import { callTool, connectClient } from '../support/mcp-client.ts'
import { CALLBACK } from '../support/oauth-agent.ts'
import { OAuthFlow } from '../support/oauth-flow.ts'
import { findProgram } from '../support/required-programs.ts'
import { addAuthenticator } from '../support/virtual-authenticator.ts'

const program = findProgram('chromium')

/** One gateway and one browser for all of it: each step of a human's story needs the one before. */
describe.skipIf(program === undefined)('a human in a real browser', () => {
  let running: HumanGateway
  let home: string
  let gateway: RunningGateway
  let chrome: Browser
  let context: BrowserContext
  let page: Page
  let neighbour: Server
  let stolen = ''
  const refusedByPolicy: string[] = []

  beforeAll(async () => {
    running = await startHumanGateway()
    ;({ home, gateway } = running)
    neighbour = createServer((request, response) => {
      stolen = request.headers.cookie ?? ''
      response.writeHead(200, { 'content-type': 'text/html' })
      response.end('<!doctype html><title>a dev server of the agent</title>')
    })
    await new Promise<void>((resolve) => {
      neighbour.listen(0, 'localhost', resolve)
    })
    chrome = await chromium.launch({ executablePath: program ?? '', args: ['--no-sandbox'] })
    await newHuman()
  }, 240_000)

  afterAll(async () => {
    await chrome.close()
    neighbour.close()
    await running.stop()
  })

  /** Another person at another computer, whose authenticator verifies them. */
  async function newHuman(): Promise<void> {
    context = await chrome.newContext()
    page = await context.newPage()
    page.setDefaultTimeout(30_000)
    page.on('console', (message) => {
      if (/Content.Security|Trusted|integrity/i.test(message.text())) refusedByPolicy.push(message.text())
    })
    await addAuthenticator(page)
  }

  const admin = (path: string): string => `${gateway.urls.admin}${path}`
  const records = async (kind: string): Promise<readonly { envelope: Record<string, unknown> }[]> => {
    const credential = readFileSync(join(home, '.remit', 'local-credential'), 'utf8').trim()
    const answer = await fetch(admin(`/records?kind=${kind}`), {
      headers: { authorization: `Bearer ${credential}` },
    })
    return ((await answer.json()) as { records: { envelope: Record<string, unknown> }[] }).records
  }

  test('R-ID-4: the link of the terminal enrols a passkey once, for its human alone, and logs them in', async () => {
    const link = (await gateway.enrolLink()) ?? ''
    expect(link).toMatch(/\/enrol#[\w-]{43}$/)
    await page.goto(link)
    expect(page.url()).toBe(admin('/enrol'))
    await page.fill('#passkey-name', 'the laptop')
    await page.click('#enrol-form button')
    await page.waitForURL(admin('/login'))
    await page.waitForSelector('#passkeys li b')
    expect(await page.textContent('#passkeys')).toContain('the laptop')
    expect(await page.textContent('header')).toContain('mona')
    await page.goto('about:blank')
    await page.goto(link)
    await page.click('#enrol-form button')
    await page.waitForSelector('#enrol-problem:not([hidden])')
    expect(await page.textContent('#enrol-problem')).toMatch(/used already|too old/)
    expect((await records('passkey.added'))[0]?.envelope['actor']).toBe('mona')
    await expect(gateway.enrolLink()).rejects.toThrow(/has a passkey already/)
  })

  test('R-ID-4: logging out ends the session; a passkey logs in to a new one, whatever cookie came', async () => {
    await page.goto(admin('/login'))
    await page.waitForSelector('#account:not([hidden])')
    const before = await context.cookies()
    await page.click('#log-out')
    await page.waitForSelector('#use-passkey')
    expect(await context.cookies()).toEqual([])
    await context.addCookies([{ name: 'remit_session', value: 'A'.repeat(43), url: admin('/') }])
    await page.reload()
    await page.click('#use-passkey')
    await page.waitForSelector('#account:not([hidden])')
    const [cookie] = await context.cookies()
    expect(cookie).toMatchObject({ name: 'remit_session', httpOnly: true, sameSite: 'Strict' })
    expect([before[0]?.value, 'A'.repeat(43)]).not.toContain(cookie?.value)
    expect((await records('login.ended')).length).toBe(1)
  })

  test('R-SEC-1: a cookie that another port of the host was sent shows no data and changes nothing', async () => {
    const other = await context.newPage()
    await other.goto(`http://localhost:${(neighbour.address() as AddressInfo).port}/`)
    await other.close()
    expect(stolen).toContain('remit_session=')
    const replay = (path: string, init: RequestInit = {}): Promise<Response> =>
      fetch(admin(path), {
        ...init,
        headers: { cookie: stolen, origin: gateway.urls.admin, 'content-type': 'application/json' },
      })
    const refused = [
      await replay('/tasks'),
      await replay('/approvals'),
      await replay('/tasks', { method: 'POST', body: '{"workflow":"fix-tests","intent":"x"}' }),
      await replay('/login/me', { method: 'POST', body: '{}' }),
      await replay('/login/invite', { method: 'POST', body: '{"human":"alice"}' }),
    ]
    for (const answer of refused) {
      expect(answer.status).toBe(401)
      expect(await answer.text()).toContain('signature_invalid')
    }
    // A page of the neighbour’s cannot make the signature, and is not asked for one.
    const evil = await context.newPage()
    await evil.goto(`http://localhost:${(neighbour.address() as AddressInfo).port}/`)
    const keys = await evil.evaluate(async () => (await indexedDB.databases()).length)
    expect(keys).toBe(0)
    await evil.close()
  })

  test('R-SEC-1: a request that the page signed is good once, with its body, path and minute only', async () => {
    const sent = page.waitForRequest(admin('/login/me'))
    await page.reload()
    await page.waitForSelector('#account:not([hidden])')
    const headers = await (await sent).allHeaders()
    const again = (path: string, body: string, change: Record<string, string> = {}): Promise<Response> =>
      fetch(admin(path), {
        method: 'POST',
        body,
        headers: {
          ...Object.fromEntries(
            ['cookie', 'origin', 'content-type', 'content-digest', 'signature', 'signature-input'].map(
              (name) => [name, headers[name] ?? ''],
            ),
          ),
          ...change,
        },
      })
    expect(await (await again('/login/me', '{}')).text()).toContain('signature_replayed')
    expect(await (await again('/login/out', '{}')).text()).toContain('signature_invalid')
    expect(await (await again('/login/me', '{ }')).text()).toContain('signature_invalid')
    expect(await (await again('/login/me?x', '{}')).text()).toContain('signature_invalid')
    const late = (headers['signature-input'] ?? '').replace(/created=\d+/, 'created=1700000000')
    expect(await (await again('/login/me', '{}', { 'signature-input': late })).text()).toContain(
      'signature_invalid',
    )
    const exported = await page.evaluate(
      () =>
        new Promise((resolve) => {
          const opening = indexedDB.open('remit', 1)
          opening.addEventListener('success', () => {
            const found = opening.result.transaction('keys').objectStore('keys').get('session ')
            found.addEventListener('success', () => {
              const { privateKey } = found.result as CryptoKeyPair
              crypto.subtle.exportKey('jwk', privateKey).then(
                () => resolve('exported'),
                (error: Error) => resolve(error.name),
              )
            })
          })
        }),
    )
    expect(exported).toBe('InvalidAccessError')
  })

  test('R-CON-3: what is grave is approved with a passkey over exactly this, which can be checked later', async () => {
    const credential = readFileSync(join(home, '.remit', 'local-credential'), 'utf8').trim()
    const made = await fetch(admin('/tasks'), {
      method: 'POST',
      headers: { authorization: `Bearer ${credential}`, 'content-type': 'application/json' },
      body: JSON.stringify({ workflow: 'fix-tests', intent: 'mend', workspace: join(home, 'workspace') }),
    })
    expect(made.status).toBe(201)
    const { token, task } = (await made.json()) as { token: string; task: { human: string } }
    expect(task.human).toBe('alice')
    const client = await connectClient(`${gateway.urls.agent}/mcp`, token, 'modern')
    const file = join(home, 'workspace', '.github', 'workflows', 'x.yml')
    const asked = await callTool(client, 'filesystem__write_file', { path: file, content: 'on: push\n' })
    await client.close()
    const id = /apr_[0-9a-z]+/.exec(asked.text)?.[0] ?? ''
    await page.goto(admin(`/approvals/${id}`))
    await page.waitForSelector('#decision:not([hidden])')
    expect(await page.textContent('#prompt')).toContain('on: push')
    const bare = page.waitForResponse((answer) => answer.url().endsWith('/approve'))
    await page.fill('#comment', 'looked at it')
    await page.click('button[value=approve]')
    expect(await (await bare).text()).toContain('step_up_needed')
    await page.waitForSelector('#decision', { state: 'detached' })
    const shown = await fetch(admin(`/approvals/${id}`), {
      headers: { authorization: `Bearer ${credential}` },
    })
    const [vote] = ((await shown.json()) as { approval: Approval }).approval.votes
    const assertion = vote?.assertion
    if (assertion === undefined) throw new Error('no assertion was kept')
    expect(vote).toMatchObject({ human: 'mona', comment: 'looked at it' })
    expect(await verifyKeptAssertion(assertion, assertion.digest)).toBe(true)
    const other = 'a'.repeat(64)
    expect(await verifyKeptAssertion({ ...assertion, digest: other }, other)).toBe(false)
    const [record] = await records('approval.granted')
    expect(JSON.stringify(record)).toContain(assertion.signature)
  })

  test('R-ID-4: a delegation is signed with the passkey, and the agent gets its task', async () => {
    const { url, redeem } = await new OAuthFlow(gateway.urls.agent).authorize()
    const listener = createServer((_, response) => response.end('called'))
    await new Promise<void>((resolve) => {
      listener.listen(Number(new URL(CALLBACK).port), '127.0.0.1', resolve)
    })
    await page.goto(url.href)
    expect(await page.isVisible('#code')).toBe(false)
    await page.fill('#intent', 'mend the build')
    await page.click('button[value=delegate]')
    await page.waitForURL(`${CALLBACK}**`)
    listener.close()
    const code = new URL(page.url()).searchParams.get('code') ?? ''
    expect(await redeem(code)).toMatchObject({ status: 200 })
    expect(JSON.stringify((await records('task.created'))[0])).toContain('"assertion"')
  })

  test('R-ID-4: a maintainer’s link lets another human enrol, and nobody who has a passkey', async () => {
    await page.goto(admin('/login'))
    await page.waitForSelector('#invite:not([hidden])')
    await page.fill('#invited', 'mona')
    await page.click('#invite-form button')
    await page.waitForSelector('#account-problem:not([hidden])')
    await page.check('#recover')
    await page.click('#invite-form button')
    await page.waitForSelector('#account-problem >> text=Nobody replaces their own passkeys')
    await page.uncheck('#recover')
    await page.fill('#invited', 'alice')
    await page.click('#invite-form button')
    await page.waitForSelector('#link:not([hidden])')
    const link = (await page.textContent('#link')) ?? ''
    const first = { context, page }
    await newHuman()
    await page.goto(link)
    await page.click('#enrol-form button')
    await page.waitForURL(admin('/login'))
    await page.waitForSelector('#account:not([hidden])')
    expect(await page.textContent('header')).toContain('alice')
    expect(await page.isVisible('#invite')).toBe(false)
    await context.close()
    ;({ context, page } = first)
    expect(refusedByPolicy).toEqual([])
  })
})
