import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Browser, chromium, type Page } from 'playwright-core'
import { askForDevice } from '../support/device-flow.ts'
import { type HumanGateway, startHumanGateway } from '../support/human-gateway.ts'
import { callTool, connectClient } from '../support/mcp-client.ts'
import { OAuthFlow } from '../support/oauth-flow.ts'
import { faultsOf } from '../support/page-faults.ts'
import { findProgram } from '../support/required-programs.ts'
import { addAuthenticator } from '../support/virtual-authenticator.ts'

const program = findProgram('chromium')
/** A folder to leave screenshots in, for people to look at. */
const SHOTS = process.env['REMIT_SCREENSHOTS']

const WORKFLOWS = `
  fix-tests:
    description: mend failing tests
    scope: { servers: [filesystem], paths: ["src/**", "test/**"] }
    ceiling: { servers: [filesystem] }
    budget: { calls: 500, writes: 50 }
  review:
    description: read and comment, change nothing
    budget: { writes: 0 }
    lifetime: 30m`

/** What is asked of the human waits under these paths; filled before the first page is shown. */
interface Waiting {
  readonly delegation: string
  readonly approval: string
  readonly device: string
}

/** One gateway and one browser for all pages. */
describe.skipIf(program === undefined)('the pages in a real browser', () => {
  let running: HumanGateway
  let chrome: Browser
  let page: Page
  let waiting: Waiting

  beforeAll(async () => {
    running = await startHumanGateway(WORKFLOWS)
    chrome = await chromium.launch({ executablePath: program ?? '', args: ['--no-sandbox'] })
    page = await (await chrome.newContext()).newPage()
    page.setDefaultTimeout(15_000)
    const flow = new OAuthFlow(running.gateway.urls.agent)
    const { url } = await flow.authorize()
    await page.goto(url.href)
    waiting = {
      delegation: new URL(page.url()).pathname,
      approval: await ask(),
      device: (await askForDevice(flow, { client_name: 'Terminal agent' })).user_code,
    }
  }, 240_000)

  afterAll(async () => {
    await chrome.close()
    await running.stop()
  })

  const admin = (path: string): string => `${running.gateway.urls.admin}${path}`

  /** An agent wants to write what it may not without consent. @returns the request’s page. */
  async function ask(): Promise<string> {
    const credential = readFileSync(join(running.home, '.remit', 'local-credential'), 'utf8').trim()
    const made = await fetch(admin('/tasks'), {
      method: 'POST',
      headers: { authorization: `Bearer ${credential}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        workflow: 'fix-tests',
        intent: 'mend',
        workspace: running.workspace,
        scope: { paths: ['**'] },
      }),
    })
    const { token } = (await made.json()) as { token: string }
    const client = await connectClient(`${running.gateway.urls.agent}/mcp`, token, 'modern')
    const path = join(running.workspace, '.github', 'workflows', 'x.yml')
    const { text } = await callTool(client, 'filesystem__write_file', { path, content: 'on: push\n' })
    await client.close()
    return `/approvals/${/apr_[0-9a-z]+/.exec(text)?.[0] ?? expect.fail(text)}`
  }

  /** Looks at one page in all its sizes and colours. @returns what is wrong with it. */
  async function look(name: string): Promise<readonly string[]> {
    const wrong: string[] = []
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      wrong.push(...(await faultsOf(page)).map((fault) => `${name} ${colorScheme}: ${fault}`))
      await shoot(`${name}-${colorScheme}`)
    }
    await page.setViewportSize({ width: 390, height: 800 })
    const wide = await page.evaluate(() => document.documentElement.scrollWidth)
    if (wide > 390) wrong.push(`${name}: ${wide} px wide on a telephone`)
    await shoot(`${name}-narrow`)
    await page.setViewportSize({ width: 1280, height: 800 })
    return wrong
  }

  async function shoot(name: string): Promise<void> {
    if (SHOTS !== undefined) await page.screenshot({ path: join(SHOTS, `${name}.png`), fullPage: true })
  }

  async function lookAt(pages: Readonly<Record<string, string>>): Promise<readonly string[]> {
    const wrong: string[] = []
    for (const [name, path] of Object.entries(pages)) {
      await page.goto(path.startsWith('http') ? path : admin(path))
      wrong.push(...(await look(name)))
    }
    return wrong
  }

  test('R-UX-2: no page has a serious fault for anybody who is not logged in', async () => {
    const pages = {
      login: '/login',
      'enrol-broken': '/enrol',
      'delegate-login': waiting.delegation,
      'device-login': '/device',
      'approval-login': waiting.approval,
      'no-approval': '/approvals/apr_none',
      'delegate-closed': '/delegate/none',
      'device-answered': '/device?answer=delegated',
    }
    expect(await lookAt(pages)).toEqual([])
  })

  test('R-UX-2: nor has a page that nothing may run in', async () => {
    const own = page
    // What looks for faults is a script too.
    page = await (await chrome.newContext({ bypassCSP: true })).newPage()
    const oauth = `${running.gateway.urls.agent}/oauth/authorize?client_id=none`
    expect(await lookAt({ connect: '/servers/tickets/connect', 'oauth-error': oauth })).toEqual([])
    await page.context().close()
    page = own
  })

  test('R-UX-2: nor for whoever enrols and logs in, nor where they are asked something', async () => {
    await page.goto((await running.gateway.enrolLink()) ?? '')
    expect(await look('enrol')).toEqual([])
    // Not before: it goes with the first session that looks for faults.
    await addAuthenticator(page)
    await page.click('#enrol-form button')
    await page.waitForSelector('#account:not([hidden])')
    expect(await look('account')).toEqual([])
    await page.goto(admin(waiting.approval))
    await page.waitForSelector('#decision:not([hidden])')
    expect(await look('approval')).toEqual([])
    await page.goto(admin('/device'))
    expect(await look('device')).toEqual([])
    await page.fill('#user_code', waiting.device)
    await page.click('button[value=enter]')
    await page.waitForSelector('#delegation')
    expect(await look('device-delegation')).toEqual([])
  })

  test('R-ID-4: the page of a delegation says who asks, what kind of work gives, where, how long and how much', async () => {
    await page.goto(admin(waiting.delegation))
    const given = () => page.locator('section.gives:visible').innerText()
    expect(await page.innerText('main')).toContain('“tester”')
    expect(await given()).toMatch(/src\/\*\*.*test\/\*\*[^]*500 calls, 50 writes[^]*120 minutes[^]*laptop/)
    expect(await look('delegation')).toEqual([])
    await page.selectOption('#workflow', 'review')
    expect(await given()).toMatch(/0 writes[^]*30 minutes/)
    for (const summary of await page.locator('summary').all()) await summary.click()
    expect(await look('delegation-open')).toEqual([])
  })
})
