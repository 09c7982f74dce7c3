import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CODES, CONSOLE_PEOPLE } from '../support/console-people.ts'
import { type HumanGateway, startHumanGateway } from '../support/human-gateway.ts'
import { callTool, connectClient } from '../support/mcp-client.ts'
import { heldFetch } from '../support/held-fetch.ts'
import { faultsOf } from '../support/page-faults.ts'
import { findProgram } from '../support/required-programs.ts'
import { ROOT } from '../support/running-gateway.ts'
import { shoot, shootBoth } from '../support/screenshots.ts'

const program = findProgram('chromium')

interface Issued {
  readonly token: string
  readonly task: { readonly id: string }
}

async function send(by: typeof fetch, url: string, body: object, bearer?: string): Promise<Issued> {
  const authorization = bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }
  const answer = await by(url, {
    method: 'POST',
    headers: { ...authorization, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  const said = await answer.text()
  if (!answer.ok) throw new Error(said)
  return JSON.parse(said) as Issued
}

describe.skipIf(program === undefined)('the ledger in the console', () => {
  let running: HumanGateway
  let chrome: Browser
  let page: Page
  let task = ''
  const admin = (path: string): string => `${running.gateway.urls.admin}${path}`

  async function begin(more: object): Promise<Issued> {
    const local = readFileSync(join(running.home, '.remit', 'local-credential'), 'utf8').trim()
    return send(fetch, admin('/tasks'), { workflow: 'fix-tests', ...more }, local)
  }

  /** Starts an agent, to which one who maintains agrees. */
  async function delegate(held: typeof fetch, body: object): Promise<Issued> {
    const url = `${running.gateway.urls.agent}/delegate`
    const asked = await send(held, url, body).then(JSON.stringify, String)
    const request = /apr_[0-9a-z]+/.exec(asked)?.[0]
    if (request === undefined) throw new Error(asked)
    await send(fetch, admin(`/approvals/${request}/approve`), { comment: 'go on' }, `mona:${CODES.mona}`)
    return send(held, url, body)
  }

  beforeAll(async () => {
    execFileSync(process.execPath, [join(ROOT, 'scripts', 'ensure-console.mjs')], { stdio: 'ignore' })
    running = await startHumanGateway(undefined, CONSOLE_PEOPLE)
    writeFileSync(join(running.workspace, 'README.md'), '# Read me')
    const issued = await begin({ intent: 'mend', workspace: running.workspace })
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

  test('R-AUD-3: the query box offers the values that records have, once their field is there', async () => {
    await page.goto(admin('/console/audit'))
    const offered = () =>
      page
        .locator('#audit-query-fields option')
        .evaluateAll((all) => all.map((each) => each.getAttribute('value')))
    const box = page.getByLabel('Query', { exact: true })
    await box.fill('decision = allow and tool = files')
    await expect.poll(offered).toContain('decision = allow and tool = filesystem/read_text_file')
    await box.fill('decision = ')
    await expect.poll(offered).toEqual(['decision = allow', 'decision = consent', 'decision = deny'])
    await box.fill('decision = allow and ser')
    await expect.poll(offered).toEqual(['decision = allow and server '])
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

  test('R-AUD-3: a task shows who delegated to whom, how much of the scope was given on, and what is stopped', async () => {
    const root = await begin({
      intent: 'mend the parser',
      workspace: running.workspace,
      scope: { paths: ['**'] },
    })
    const endpoint = `${running.gateway.urls.agent}/mcp`
    const held = heldFetch(endpoint, root.token)
    const parts = { agent: { id: 'sources-1', kind: 'helper' }, intent: 'only the sources' }
    const child = await delegate(held, { ...parts, scope: { paths: ['src/**'] } })
    await delegate(held, { agent: { id: 'reader-1', kind: 'helper' }, intent: 'read all of it' })
    await page.goto(admin(`/console/tasks/${child.task.id}`))
    const list = page.locator('.delegations .list')
    await expect.poll(() => list.locator('li').count()).toBe(3)
    const words = await list.innerText()
    expect(words).toMatch(/^alice \(human\) delegated to/)
    expect(words).toContain('only paths: src/**')
    expect(words).toContain('the same scope')
    expect(await list.locator('[aria-current=page]').innerText()).toBe('sources-1')
    const drawn = page.locator('.drawing svg')
    expect(await drawn.locator('.box').count()).toBe(4)
    expect(await drawn.textContent()).toContain('less: paths')
    await looksWell('delegations')
    const local = readFileSync(join(running.home, '.remit', 'local-credential'), 'utf8').trim()
    await send(fetch, admin(`/tasks/${root.task.id}/revoke`), { reason: 'enough' }, local)
    await page.reload()
    await expect.poll(() => list.innerText()).toContain('stopped: a task above it is no longer active')
    expect(await drawn.locator('.box.halted').count()).toBe(2)
  })

  test('R-AUD-4: an overdue review stands in the navigation of every screen, and no other', async () => {
    const link = page.getByRole('link', { name: /^Review/ })
    await page.goto(admin('/console/policies'))
    await page.waitForSelector('main .rows > li')
    expect(await link.innerText()).toBe('Review')
    await page.route('**/status', async (route) => {
      const answer = await route.fetch()
      const said = (await answer.json()) as { review: object }
      await route.fulfill({ response: answer, json: { ...said, review: { ...said.review, overdue: true } } })
    })
    await page.getByRole('link', { name: 'Servers' }).click()
    await expect.poll(() => link.innerText()).toMatch(/^Review\s+overdue$/)
    await looksWell('overdue')
    await page.unroute('**/status')
  })
})
