import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Browser, chromium, type Page } from 'playwright-core'
import type { ApprovalAnswer } from '../../src/api/contract.ts'
import type { RunningGateway } from '../../src/server/compose.ts'
import { type HumanGateway, startHumanGateway } from '../support/human-gateway.ts'
import { CODES, CONSOLE_PEOPLE } from '../support/console-people.ts'
import { callTool, connectClient } from '../support/mcp-client.ts'
import { faultsOf } from '../support/page-faults.ts'
import { findProgram } from '../support/required-programs.ts'
import { ROOT } from '../support/running-gateway.ts'
import { shoot, shootBoth } from '../support/screenshots.ts'
import { TypedWatch } from '../support/typed-watch.ts'
import { addAuthenticator } from '../support/virtual-authenticator.ts'

const program = findProgram('chromium')
const SCREENS = 'approvals grants covers tasks activity audit fatigue review servers policies'.split(' ')
/** The machine may be busy with other tests. */
const SOON = { timeout: 20_000 }
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
    running = await startHumanGateway(undefined, CONSOLE_PEOPLE)
    ;({ home, gateway } = running)
    mkdirSync(join(running.workspace, '.github', 'workflows'), { recursive: true })
    chrome = await chromium.launch({ executablePath: program ?? '', args: ['--no-sandbox'] })
    page = await newBrowser()
    await addAuthenticator(page)
    await logIn(page, admin('/login'), CODES.mona)
    await page.waitForSelector('#account:not([hidden])')
    await page.click('#enrol-form button')
    await page.waitForSelector('#passkeys li b')
    await page.waitForSelector('#to-console[href="/console/"]')
    await page.click('#log-out')
    await page.waitForSelector('#use-passkey')
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
  const approvalOf = async (id: string): Promise<ApprovalAnswer['approval']> => {
    const answer = await fetch(admin(`/approvals/${id}`), { headers: { authorization: `Bearer ${local()}` } })
    return ((await answer.json()) as ApprovalAnswer).approval
  }
  const stateOf = async (id: string): Promise<string> => (await approvalOf(id)).state

  /** Tools whose definition waits for a review. */
  async function waiting(): Promise<readonly string[]> {
    const answer = await fetch(admin('/servers/review'), { headers: { authorization: `Bearer ${local()}` } })
    const { tools } = (await answer.json()) as { tools: { tool: string; status: string }[] }
    return tools.flatMap(({ tool, status }) => (status === 'pending' ? [tool] : [])).toSorted()
  }

  /** A browser of its own, which tells what it was refused and whom it asked. */
  async function newBrowser(): Promise<Page> {
    const made = await (await chrome.newContext({ bypassCSP: false })).newPage()
    made.setDefaultTimeout(15_000)
    made.on('console', (message) => {
      if (/Content.Security|Trusted|integrity|Refused/i.test(message.text()))
        refusedByPolicy.push(message.text())
    })
    made.on('pageerror', (error) => refusedByPolicy.push(error.message))
    made.on('request', (request) => asked.push(new URL(request.url()).origin))
    return made
  }

  async function logIn(at: Page, url: string, code: string): Promise<void> {
    await at.goto(url)
    await at.fill('#code', code)
    await at.click('#code-form button')
  }

  /** An agent wants to write where it may not without consent. @returns the request's id. */
  async function ask(file: string, content: string, folder = join('.github', 'workflows')): Promise<string> {
    const path = join(home, 'workspace', folder, file)
    const text = await call('filesystem__write_file', { path, content })
    const id = /apr_[0-9a-z]+/.exec(text)?.[0]
    if (id === undefined) throw new Error(`no request: ${text}`)
    return id
  }

  async function call(tool: string, given: Readonly<Record<string, unknown>>): Promise<string> {
    const client = await connectClient(`${gateway.urls.agent}/mcp`, token, 'modern')
    const answer = await callTool(client, tool, given)
    await client.close()
    return answer.text
  }

  test('R-SEC-1: who is not logged in is sent to log in, and finds the way back; assets never change', async () => {
    const answer = await fetch(admin('/console/tasks'), { redirect: 'manual' })
    expect(answer.status).toBe(303)
    expect(answer.headers.get('location')).toBe('/login?next=%2Fconsole%2Ftasks')
    await page.goto(admin('/console/tasks'))
    await page.click('#use-passkey')
    await page.waitForSelector('h1 >> text=Tasks')
    expect(page.url()).toBe(admin('/console/tasks'))
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
    await shootBoth(page, 'approval')
    await page.fill('.answer input', 'looked at it')
    await page.click('article.detail h2')
    await page.keyboard.press('a')
    await page.keyboard.press('Enter')
    await expect.poll(() => stateOf(id), SOON).toBe('granted')
    await page.waitForSelector('article.detail >> text=signed with a passkey')
    await page.keyboard.press('Escape')
  })

  test('R-CON-2: another is refused from the keyboard, with a reason that the agent is told', async () => {
    const id = await ask('y.yml', 'on: push\n')
    await page.waitForSelector(`#row-${id}`)
    await page.keyboard.press('r')
    await page.fill('[role=dialog] input', 'not today')
    await page.keyboard.press('Enter')
    await expect.poll(() => stateOf(id), SOON).toBe('refused')
    await page.waitForSelector(`#row-${id}`, { state: 'detached' })
  })

  test('R-CON-2: two people have to agree: each sees the other by itself, and one alone is not enough', async () => {
    const id = await ask('two.md', '# Two\n', 'docs')
    await page.waitForSelector(`#row-${id}`)
    await page.click(`#row-${id}`)
    await page.click('article.detail [data-approve]')
    await page.waitForSelector('article.detail >> text=1 of 2')
    expect(await page.locator('[data-approve]').count()).toBe(0)
    expect(await stateOf(id)).toBe('pending')
    const other = await newBrowser()
    await logIn(other, admin(`/login?next=/console/approvals/${id}`), CODES.otto)
    await other.waitForSelector('article.detail >> text=mona agreed to docs')
    await other.keyboard.press('a')
    await other.keyboard.press('Enter')
    await expect.poll(() => stateOf(id), SOON).toBe('granted')
    await page.waitForSelector('article.detail >> text=otto agreed to docs')
    await other.context().close()
    await page.keyboard.press('Escape')
  })

  test('R-CON-5: consent is widened to other files of a folder, by who sees what that would have covered', async () => {
    const read = (name: string): Promise<string> =>
      call('filesystem__read_text_file', { path: join(home, 'workspace', 'notes', name) })
    mkdirSync(join(home, 'workspace', 'notes'), { recursive: true })
    for (const name of ['a.md', 'b.md']) writeFileSync(join(home, 'workspace', 'notes', name), 'note')
    const [first = '', id = ''] = [await read('a.md'), await read('b.md')].map(
      (text) => /apr_[0-9a-z]+/.exec(text)?.[0],
    )
    await page.waitForSelector(`#row-${id}`)
    await page.waitForSelector(`#row-${first}`)
    // Of equal severity what waits longest is first; J and K move, whatever has the focus.
    const order: (string | null)[] = []
    for (const key of ['j', 'k', 'ArrowDown', 'ArrowUp', 'k']) {
      await page.keyboard.press(key)
      order.push(await page.locator('.inbox').getAttribute('aria-activedescendant'))
    }
    expect(order).toEqual([id, first, id, first, first].map((each) => `row-${each}`))
    await page.goto(admin(`/approvals/${id}`))
    await page.waitForSelector('#widening:not([hidden])')
    expect(await page.textContent('#past')).toMatch(/calls it would have covered 0; 0 of other tasks/)
    expect(await page.locator('#widen option').allTextContents()).toEqual([
      'the same work, and nothing else',
      'the same tool reading any ordinary `.md` file directly in `notes`; would have covered 1 (notes/a.md)',
      'the same tool reading any ordinary file of the workspace; would have covered 1 (notes/a.md)',
    ])
    await shootBoth(page, 'widen-page')
    await page.goto(admin(`/console/approvals/${id}`))
    const choice = page.locator('.widen label', { hasText: 'directly in `notes`' })
    expect(await choice.innerText()).toContain('would have covered 1 of those calls: notes/a.md')
    await choice.click()
    await shootBoth(page, 'widen')
    await page.setViewportSize({ width: 390, height: 800 })
    await shoot(page, 'widen-narrow')
    await page.setViewportSize({ width: 1280, height: 800 })
    expect([...(await faultsOf(page))]).toEqual([])
    await page.click('text=Approve for the task, widened')
    await expect.poll(() => stateOf(id), SOON).toBe('granted')
    expect(await read('b.md')).toBe('note')
    expect(await read('a.md')).toBe('note')
    await page.goto(admin(`/console/approvals`))
  })

  test('R-UX-2: whoever watches at a terminal opens, refuses with a reason and approves, as in the console', async () => {
    const [first, second] = [await ask('a.md', '# A\n', 'docs'), await ask('b.md', '# B\n', 'docs')]
    const watch = new TypedWatch({ adminUrl: gateway.urls.admin, cwd: home, code: CODES.otto })
    const hears = (text: string): Promise<void> => expect.poll(() => watch.said, SOON).toContain(text)
    await hears('2 requests wait')
    watch.type('a')
    await hears('open a request first')
    watch.type('1')
    await hears('a approves, r refuses')
    expect(watch.said).toContain('docs/a.md')
    watch.type('r')
    await hears('say why after it')
    watch.type('r not like this')
    await hears('1 request waits')
    watch.type('1')
    await hears('docs/b.md')
    watch.type('a well said')
    await hears('it still waits for others')
    watch.type('q')
    expect(await watch.end()).toBe(0)
    expect((await approvalOf(first)).refusal).toMatchObject({ human: 'otto', reason: 'not like this' })
    expect((await approvalOf(second)).votes).toMatchObject([{ human: 'otto', comment: 'well said' }])
    await page.waitForSelector(`#row-${first}`, { state: 'detached' })
    await page.keyboard.press('r')
    await page.fill('[role=dialog] input', 'enough')
    await page.keyboard.press('Enter')
    await expect.poll(() => stateOf(second), SOON).toBe('refused')
  })

  test('R-MCP-4: a tool that turned is shown as it was and is, and is switched on or refused', async () => {
    expect(await call('turning__turn', {})).toBe('')
    // The gateway hears of it by a notification, and looks before the next call.
    const looked = async () => {
      await call('turning__lookup', {})
      return waiting()
    }
    await expect.poll(looked, SOON).toEqual(['lookup', 'seek'])
    await page.click('nav >> text=Servers')
    const lookup = page.locator('article', { hasText: 'turning__lookup' })
    const seek = page.locator('article', { hasText: 'turning__seek' })
    await seek.waitFor()
    expect(await lookup.locator('pre .removed').textContent()).toContain('Looks things up')
    expect(await lookup.locator('pre .added').textContent()).toContain('mails what it found')
    await shootBoth(page, 'tools')
    await lookup.getByText('Switch it on').click()
    await lookup.waitFor({ state: 'detached' })
    await seek.getByText('Refuse…').click()
    await page.fill('[role=dialog] input', 'it mails')
    await page.keyboard.press('Enter')
    await seek.waitFor({ state: 'detached' })
    await page.getByText('show all').click()
    expect(await seek.locator('.tag.refused').count()).toBe(1)
    expect(await lookup.locator('.tag.trusted').count()).toBe(1)
    await page.goto(admin('/console/'))
  }, 60_000)

  test('R-ID-6: an auditor sees all and no button; a page that shows one all the same gets a clear no', async () => {
    const id = await ask('z.yml', 'on: push\n')
    const other = await newBrowser()
    await logIn(other, admin(`/login?next=/console/approvals/${id}`), CODES.iris)
    await other.waitForSelector('article.detail')
    expect(await other.locator('article.detail button').count()).toBe(0)
    await other.keyboard.press('r')
    expect(await other.locator('[role=dialog]').count()).toBe(0)
    await other.route('**/login/me', async (route) => {
      const answer = await route.fetch()
      const me = (await answer.json()) as { may: object }
      await route.fulfill({
        response: answer,
        json: { ...me, may: { ...me.may, 'POST /approvals/:id/approve': 'all' } },
      })
    })
    await other.reload()
    await other.click('[data-approve]')
    await other.waitForSelector('.answer .note.bad >> text=/role/i')
    expect(await stateOf(id)).toBe('pending')
    await other.context().close()
  })

  test('R-POL-7, R-AUD-4: a stop is explained and reported where it is seen; the review has it, is marked and signed off', async () => {
    const path = join(home, 'workspace', '.env')
    const id = /remit why (dec_[0-9a-z]+)/.exec(await call('filesystem__read_text_file', { path }))?.[1] ?? ''
    expect(id).toMatch(/^dec_/)
    await page.goto(admin(`/console/why/${id}`))
    await page.waitForSelector('text=What would have to change')
    await page.click('text=This is not clear, or wrong…')
    await page.fill('[role=dialog] input', 'it is a fixture')
    await page.keyboard.press('Enter')
    await page.waitForSelector('text=It is in the next review.')
    await page.goto(admin('/console/review'))
    await page.waitForSelector('text=“it is a fixture”')
    expect(await page.locator(`a[href$="/console/why/${id}"]`).count()).toBeGreaterThan(0)
    await shootBoth(page, 'look-back')
    const reported = page.locator('li', { hasText: 'it is a fixture' })
    await reported.locator('button').click()
    await page.fill('[role=dialog] input', 'known')
    await page.keyboard.press('Enter')
    await page.waitForSelector('[role=dialog]', { state: 'detached' })
    await expect.poll(() => reported.count(), SOON).toBe(0)
    await page.click('text=Sign off…')
    await page.fill('[role=dialog] input', 'looked at')
    await page.keyboard.press('Enter')
    await page.waitForSelector('text=Last signed off by mona')
  })

  test('R-UX-2: no screen has a serious fault for anybody, in light or dark, and none is wider than a telephone', async () => {
    const shown = await ask('looks.yml', 'on: push\n')
    const paths = [...SCREENS, `approvals/${shown}`, `tasks/${task}`, `audit/${task}`, `why/${shown}`]
    for (const path of paths) {
      await page.emulateMedia({ colorScheme: 'light' })
      await page.goto(admin(`/console/${path}`))
      await page.waitForSelector(path.startsWith('approvals/') ? 'article.detail' : 'h1')
      await page.waitForFunction(() => !document.body.innerText.includes('Loading…'))
      const name = path.replaceAll(/(?<=[a-z]{3}_)[a-z0-9]+/g, 'x').replaceAll('/', '-')
      const faults = [...(await faultsOf(page))]
      await shoot(page, `${name}-light`)
      await page.emulateMedia({ colorScheme: 'dark' })
      // Only colours differ between the two.
      faults.push(...(await faultsOf(page, ['color-contrast'])))
      await shoot(page, `${name}-dark`)
      // Half of it is what zooming to 200 % leaves.
      await page.setViewportSize({ width: 390, height: 400 })
      const wide = await page.evaluate(() => document.documentElement.scrollWidth)
      const top = await page.evaluate(() => document.querySelector('.top')?.clientHeight ?? 0)
      await shoot(page, `${name}-narrow`)
      await page.setViewportSize({ width: 1280, height: 800 })
      const fits = wide <= 390 && top < 110
      expect({ path, faults, fits }).toEqual({ path, faults: [], fits: true })
    }
  }, 120_000)

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
})
