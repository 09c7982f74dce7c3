import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Browser, chromium, type Page } from 'playwright-core'
import type { RunningGateway } from '../../src/server/compose.ts'
import { type HumanGateway, startHumanGateway } from '../support/human-gateway.ts'
import { callTool, connectClient } from '../support/mcp-client.ts'
import { faultsOf } from '../support/page-faults.ts'
import { findProgram } from '../support/required-programs.ts'
import { ROOT } from '../support/running-gateway.ts'
import { addAuthenticator } from '../support/virtual-authenticator.ts'

const program = findProgram('chromium')
const SCREENS = ['approvals', 'tasks', 'activity', 'audit', 'fatigue', 'servers', 'policies']
/** A folder to leave screenshots in, for people to look at. */
const SHOTS = process.env['REMIT_SCREENSHOTS']

/** One gateway, one browser: each step of a human’s story needs the one before. */
describe.skipIf(program === undefined)('the console in a real browser', () => {
  let running: HumanGateway
  let home: string
  let gateway: RunningGateway
  let chrome: Browser
  let page: Page
  let task = ''
  let token = ''
  const refusedByPolicy: string[] = []
  const asked: string[] = []

  beforeAll(async () => {
    execFileSync(process.execPath, [join(ROOT, 'scripts', 'ensure-console.mjs')], { stdio: 'ignore' })
    running = await startHumanGateway()
    ;({ home, gateway } = running)
    mkdirSync(join(running.workspace, '.github', 'workflows'), { recursive: true })
    chrome = await chromium.launch({ executablePath: program ?? '', args: ['--no-sandbox'] })
    page = await (await chrome.newContext({ bypassCSP: false })).newPage()
    page.setDefaultTimeout(8_000)
    page.on('console', (message) => {
      if (/Content.Security|Trusted|integrity|Refused/i.test(message.text()))
        refusedByPolicy.push(message.text())
    })
    page.on('pageerror', (error) => refusedByPolicy.push(error.message))
    page.on('request', (request) => asked.push(new URL(request.url()).origin))
    await addAuthenticator(page)
    await page.goto((await gateway.enrolLink()) ?? '')
    await page.click('#enrol-form button')
    await page.waitForSelector('#account:not([hidden])')
    const made = await fetch(admin('/tasks'), {
      method: 'POST',
      headers: { authorization: `Bearer ${local()}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        workflow: 'fix-tests',
        intent: '<b>mend</b> the tests',
        workspace: running.workspace,
      }),
    })
    ;({
      token,
      task: { id: task },
    } = (await made.json()) as { token: string; task: { id: string } })
  }, 240_000)

  afterAll(async () => {
    await chrome.close()
    await running.stop()
  })

  const admin = (path: string): string => `${gateway.urls.admin}${path}`
  const local = (): string => readFileSync(join(home, '.remit', 'local-credential'), 'utf8').trim()
  const stateOf = async (id: string): Promise<string> => {
    const answer = await fetch(admin(`/approvals/${id}`), { headers: { authorization: `Bearer ${local()}` } })
    return ((await answer.json()) as { approval: { state: string } }).approval.state
  }

  /** An agent wants to write where it may not without consent. @returns the request's id. */
  async function ask(file: string, content: string): Promise<string> {
    const client = await connectClient(`${gateway.urls.agent}/mcp`, token, 'modern')
    const path = join(home, 'workspace', '.github', 'workflows', file)
    const answer = await callTool(client, 'filesystem__write_file', { path, content })
    await client.close()
    return /apr_[0-9a-z]+/.exec(answer.text)?.[0] ?? ''
  }

  test('R-SEC-1: who is not logged in is sent to log in, and finds the way back; assets never change', async () => {
    const answer = await fetch(admin('/console/tasks'), { redirect: 'manual' })
    expect(answer.status).toBe(303)
    expect(answer.headers.get('location')).toBe('/login?next=%2Fconsole%2Ftasks')
    const shown = await page.goto(admin('/console/'))
    const csp = shown?.headers()['content-security-policy'] ?? ''
    expect(csp).toContain("default-src 'none'")
    expect(csp).not.toContain('unsafe')
    expect(csp).toContain("frame-ancestors 'none'")
    expect(shown?.headers()['x-frame-options']).toBe('DENY')
    const asset = /src="([^"]+)"/.exec((await shown?.text()) ?? '')?.[1] ?? ''
    const script = await fetch(admin(asset))
    expect(script.headers.get('cache-control')).toContain('immutable')
    expect((await fetch(admin('/console/../secret.js'))).status).toBe(404)
    await page.waitForSelector('text=Nothing waits for anybody')
  })

  test('R-CON-2: a request appears by itself, says all as text, and is approved with a passkey', async () => {
    const id = await ask('x.yml', '<img src=x onerror=alert(1)>\u202e\u0007 on: push\n')
    await page.waitForSelector(`#row-${id}`)
    // Nobody approves what they have not opened: the key opens it, and then leads to the button.
    await page.keyboard.press('a')
    await page.waitForSelector('article.detail [data-approve]')
    expect(await page.locator('[role=dialog]').count()).toBe(0)
    const text = (await page.textContent('article.detail')) ?? ''
    expect(text).toContain('<img src=x onerror=alert(1)>')
    expect(text).toContain('\\u{202e}')
    expect(text).not.toContain('\u202e')
    expect(await page.locator('article.detail img, article.detail pre b').count()).toBe(0)
    await shoot('approval')
    await page.fill('.answer input', 'looked at it')
    await page.click('article.detail h2')
    await page.keyboard.press('a')
    await page.keyboard.press('Enter')
    await expect.poll(() => stateOf(id)).toBe('granted')
    await page.waitForSelector('article.detail >> text=signed with a passkey')
    await page.keyboard.press('Escape')
  })

  test('R-CON-2: another is refused from the keyboard, with a reason that the agent is told', async () => {
    const id = await ask('y.yml', 'on: push\n')
    await page.waitForSelector(`#row-${id}`)
    await page.keyboard.press('r')
    await page.fill('[role=dialog] input', 'not today')
    await page.keyboard.press('Enter')
    await expect.poll(() => stateOf(id)).toBe('refused')
    await page.waitForSelector(`#row-${id}`, { state: 'detached' })
  })

  test.each(['light', 'dark'] as const)(
    'R-UX-2: no screen has a serious fault for anybody, in %s',
    async (scheme) => {
      await page.emulateMedia({ colorScheme: scheme })
      const waiting = await ask(`${scheme}.yml`, 'on: push\n')
      const paths = [
        ...SCREENS,
        `approvals/${waiting}`,
        `tasks/${task}`,
        `audit/${task}`,
        `policies/${waiting}`,
      ]
      for (const path of paths) {
        await page.goto(admin(`/console/${path}`))
        await page.waitForSelector(path.startsWith('approvals/') ? 'article.detail' : 'h1')
        await page.waitForFunction(() => !document.body.innerText.includes('Loading…'))
        // Only colours differ between the two.
        const rules = scheme === 'dark' ? ['color-contrast'] : undefined
        expect({ path, faults: await faultsOf(page, rules) }).toEqual({ path, faults: [] })
        await shoot(
          `${path
            .split('/')
            .map((part) => part.slice(0, 9))
            .join('-')}-${scheme}`,
        )
      }
    },
  )

  test('R-UX-2: a telephone shows it without scrolling sideways', async () => {
    await page.setViewportSize({ width: 390, height: 800 })
    for (const path of SCREENS) {
      await page.goto(admin(`/console/${path}`))
      await page.waitForSelector('h1')
      const wide = await page.evaluate(() => document.documentElement.scrollWidth)
      expect({ path, fits: wide <= 390 }).toEqual({ path, fits: true })
    }
    await page.setViewportSize({ width: 1280, height: 800 })
  })

  test('R-THR-1: an agent is stopped in all tasks, and let go again; R-AUD-3: a search finds who did it', async () => {
    await page.goto(admin(`/console/tasks/${task}`))
    await page.click('text=Stop the agent…')
    await page.fill('[role=dialog] input', 'strange')
    await page.keyboard.press('Enter')
    await page.waitForSelector('[role=dialog]', { state: 'detached' })
    await page.goto(admin('/console/tasks'))
    await page.click('text=Let go…')
    await page.fill('[role=dialog] input', 'it was fine')
    await page.keyboard.press('Enter')
    await page.waitForSelector('[role=dialog]', { state: 'detached' })
    await expect.poll(() => page.locator('text=Let go…').count()).toBe(0)
    await page.goto(admin('/console/audit'))
    await page.getByLabel('Who', { exact: true }).fill('mona')
    await page.getByLabel('Kind').selectOption('halt.lifted')
    await page.click('form.filter button')
    await expect.poll(() => page.locator('main .rows > li').count()).toBe(1)
  })

  test('R-ID-5: a task is stopped, with all below it; nothing came from elsewhere or against the page’s policy', async () => {
    await page.goto(admin(`/console/tasks/${task}`))
    await page.click('text=Stop this task…')
    await page.fill('[role=dialog] input', 'enough')
    await page.keyboard.press('Enter')
    await page.waitForSelector('.tag.revoked')
    expect([...new Set(asked)]).toEqual([gateway.urls.admin])
    expect(refusedByPolicy).toEqual([])
  })

  async function shoot(name: string): Promise<void> {
    if (SHOTS !== undefined) await page.screenshot({ path: join(SHOTS, `${name}.png`) })
  }
})
