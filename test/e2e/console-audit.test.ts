import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CODES, CONSOLE_PEOPLE } from '../support/console-people.ts'
import { type HumanGateway, startHumanGateway } from '../support/human-gateway.ts'
import { callTool, connectClient } from '../support/mcp-client.ts'
import { faultsOf } from '../support/page-faults.ts'
import { findProgram } from '../support/required-programs.ts'
import { ROOT } from '../support/running-gateway.ts'
import { shoot, shootBoth } from '../support/screenshots.ts'

const program = findProgram('chromium')

describe.skipIf(program === undefined)('the ledger in the console', () => {
  let running: HumanGateway
  let chrome: Browser
  let page: Page
  let task = ''
  const admin = (path: string): string => `${running.gateway.urls.admin}${path}`

  beforeAll(async () => {
    execFileSync(process.execPath, [join(ROOT, 'scripts', 'ensure-console.mjs')], { stdio: 'ignore' })
    running = await startHumanGateway(undefined, CONSOLE_PEOPLE)
    writeFileSync(join(running.workspace, 'README.md'), '# Read me')
    const local = readFileSync(join(running.home, '.remit', 'local-credential'), 'utf8').trim()
    const made = await fetch(admin('/tasks'), {
      method: 'POST',
      headers: { authorization: `Bearer ${local}`, 'content-type': 'application/json' },
      body: JSON.stringify({ workflow: 'fix-tests', intent: 'mend', workspace: running.workspace }),
    })
    const issued = (await made.json()) as { token: string; task: { id: string } }
    task = issued.task.id
    const client = await connectClient(`${running.gateway.urls.agent}/mcp`, issued.token, 'modern')
    await callTool(client, 'filesystem__read_text_file', { path: join(running.workspace, 'README.md') })
    await client.close()
    chrome = await chromium.launch({ executablePath: program ?? '', args: ['--no-sandbox'] })
    page = await (await chrome.newContext()).newPage()
    page.setDefaultTimeout(15_000)
    await page.goto(admin('/login?next=/console/audit'))
    await page.fill('#code', CODES.iris)
    await page.click('#code-form button')
    await page.waitForSelector('h1 >> text=Audit')
  }, 240_000)

  afterAll(async () => {
    await chrome.close()
    await running.stop()
  })

  async function looksWell(name: string): Promise<void> {
    await shootBoth(page, name)
    const faults: string[] = []
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      faults.push(...(await faultsOf(page)))
    }
    await page.setViewportSize({ width: 390, height: 800 })
    const wide = await page.evaluate(() => document.documentElement.scrollWidth)
    await shoot(page, `docs-${name}-narrow`)
    await page.setViewportSize({ width: 1280, height: 800 })
    expect({ faults, wide }).toEqual({ faults: [], wide: 390 })
  }

  test('R-AUD-3: a query is kept under a name, shared, picked and removed', async () => {
    await page.getByLabel('Query', { exact: true }).fill('kind = task.created')
    await page.click('form.filter button')
    await expect.poll(() => page.locator('main .rows > li').count()).toBe(1)
    await page.click('text=Save query…')
    await page.fill('[role=dialog] input[type=text]', 'begun')
    await page.getByLabel(/Share it/).check()
    await page.click('[role=dialog] button[type=submit]')
    await page.waitForSelector('[role=dialog]', { state: 'detached' })
    await page.reload()
    await page.locator('.views select').selectOption('iris/begun')
    await expect.poll(() => page.locator('main .rows > li').count()).toBe(1)
    expect(await page.getByLabel('Query', { exact: true }).inputValue()).toBe('kind = task.created')
    await looksWell('views')
    await page.click('text=Remove view')
    await expect.poll(() => page.locator('.views option').count()).toBe(1)
  })

  test('R-AUD-3: a session is stepped through from the keyboard, with what was sent and answered for an auditor', async () => {
    await page.goto(admin(`/console/tasks/${task}`))
    await page.click('text=Its session')
    const title = () => page.locator('article.detail h2').innerText()
    await expect.poll(title).toMatch(/^1 of \d+: task.created/)
    for (const key of ['j', 'ArrowDown', 'j', 'j', 'j', 'j']) await page.keyboard.press(key)
    await expect.poll(title).toContain('filesystem__read_text_file')
    const text = await page.locator('article.detail').innerText()
    expect(text).toContain('allow by')
    expect(text).toContain('README.md')
    expect(text).toContain('# Read me')
    await looksWell('session')
    await page.keyboard.press('k')
    await expect.poll(title).not.toContain('filesystem__')
  })
})
