import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
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

/** One gateway, one browser: a human who has no passkey looks after what they agreed to, and goes on holiday. */
describe.skipIf(program === undefined)(
  'consent that lasts, deputies, live servers and tenants in the console',
  () => {
    let running: HumanGateway
    let chrome: Browser
    let page: Page
    let task = ''
    let token = ''

    const admin = (path: string): string => `${running.gateway.urls.admin}${path}`
    const post = (path: string, body: object): Promise<Response> =>
      fetch(admin(path), {
        method: 'POST',
        headers: {
          authorization: `Bearer ${readFileSync(join(running.home, '.remit', 'local-credential'), 'utf8').trim()}`,
          'content-type': 'application/json',
        },
        body: JSON.stringify(body),
      })

    beforeAll(async () => {
      execFileSync(process.execPath, [join(ROOT, 'scripts', 'ensure-console.mjs')], { stdio: 'ignore' })
      running = await startHumanGateway(undefined, CONSOLE_PEOPLE)
      mkdirSync(join(running.workspace, 'notes'), { recursive: true })
      for (const name of ['a.md', 'b.md', 'c.txt'])
        writeFileSync(join(running.workspace, 'notes', name), 'note')
      chrome = await chromium.launch({ executablePath: program ?? '', args: ['--no-sandbox'] })
      page = await (await chrome.newContext()).newPage()
      page.setDefaultTimeout(15_000)
      await page.goto(admin('/login?next=/console/grants'))
      await page.fill('#code', CODES.mona)
      await page.click('#code-form button')
      await page.waitForSelector('text=Nobody has agreed to anything for the rest of a task')
      const made = await post('/tasks', {
        workflow: 'fix-tests',
        intent: 'mend the tests',
        workspace: running.workspace,
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

    async function call(tool: string, given: Readonly<Record<string, unknown>>): Promise<string> {
      const client = await connectClient(`${running.gateway.urls.agent}/mcp`, token, 'modern')
      const answer = await callTool(client, tool, given)
      await client.close()
      return answer.text
    }

    const read = (name: string): Promise<string> =>
      call('filesystem__read_text_file', { path: join(running.workspace, 'notes', name) })

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

    test('R-CON-5: what was agreed to for a task is listed with how far it goes and how often it was used, and is taken back', async () => {
      for (const [name, widened] of [
        ['a.md', true],
        ['c.txt', false],
      ] as const) {
        const id = /apr_[0-9a-z]+/.exec(await read(name))?.[0] ?? ''
        await page.goto(admin(`/console/approvals/${id}`))
        await page.waitForSelector('.widen')
        if (widened) await page.locator('.widen label', { hasText: 'directly in `notes`' }).click()
        await page.click('text=/Approve for the (rest of the )?task/')
        await page.waitForSelector('article.detail .tag.granted')
      }
      expect([await read('a.md'), await read('b.md')]).toEqual(['note', 'note'])
      await page.click('nav >> text=Grants')
      const wide = page.locator('article', { hasText: 'any ordinary `.md` file directly in `notes`' })
      await wide.waitFor()
      expect(await wide.innerText()).toMatch(/By mona, .* for alice · used once · until /)
      expect(await page.locator('article').count()).toBe(2)
      await looksWell('grants')
      await wide.getByText('Take it back…').click()
      await page.fill('[role=dialog] input', 'too wide')
      await page.keyboard.press('Enter')
      await wide.waitFor({ state: 'detached' })
      expect(await read('b.md')).toMatch(/apr_/)
      await post(`/tasks/${task}/revoke`, { reason: 'over' })
      await page.reload()
      await page.waitForSelector('text=None of it counts any more.')
      await page.click('text=also what no longer counts')
      expect(await wide.innerText()).toMatch(/taken back by mona, .*: “too wide”/)
      expect(await page.locator('article', { hasText: 'c.txt' }).innerText()).toContain(
        `No longer counts: the task \`${task}\` is revoked`,
      )
    })

    test('R-CON-2: who goes on holiday says so and names who agrees for them, with a fresh proof, and comes back', async () => {
      await page.setViewportSize({ width: 390, height: 800 })
      await page.click('text=☰ Grants')
      await page.click('nav >> text=Deputies')
      await page.waitForSelector('text=Nobody is away, and nobody agrees for somebody else.')
      expect(await page.locator('nav').isVisible()).toBe(false)
      await page.setViewportSize({ width: 1280, height: 800 })
      await page.getByLabel('Who agrees for you').fill('nobody')
      await page.click('form.cover button')
      await page.waitForSelector('form.cover .note.bad >> text=/nobody who is enrolled/')
      await page.getByLabel('Who agrees for you').fill('otto')
      await page.click('form.cover button')
      await page.waitForSelector('form.cover .note.bad >> text=/code/')
      await page.getByLabel('Your approver code').fill(CODES.mona)
      await page.click('form.cover button')
      const row = page.locator('ul.rows li', { hasText: 'mona' })
      await row.waitFor()
      expect(await row.innerText()).toMatch(/^away mona: otto agrees for them\n/)
      await looksWell('deputies')
      await row.getByText('I am back').click()
      await page.waitForSelector('text=Nobody is away, and nobody agrees for somebody else.')
    })

    test('R-UX-2: a definition that changes appears on the screen of servers by itself', async () => {
      const made = await post('/tasks', {
        workflow: 'fix-tests',
        intent: 'again',
        workspace: running.workspace,
      })
      ;({ token } = (await made.json()) as { token: string })
      await call('turning__lookup', {})
      await page.click('nav >> text=Servers')
      const turning = page.locator('ul.rows li', { hasText: 'turning' })
      await expect.poll(() => turning.innerText()).toMatch(/3 tools on, 0 off/)
      await page.waitForSelector('text=No definition waits for a review.')
      await call('turning__turn', {})
      await expect
        .poll(
          async () => {
            await call('turning__lookup', {})
            return turning.innerText()
          },
          { timeout: 20_000 },
        )
        .toMatch(/2 to be reviewed/)
      await page.locator('article', { hasText: 'turning__seek' }).waitFor()
    })

    test('R-POL-11: the console of a tenant lies below its path, and knows nobody of another', async () => {
      const at = running.gateway.tenants()[0]?.urls.admin ?? ''
      expect(at).toMatch(/\/t\/acme$/)
      const other = await (await chrome.newContext()).newPage()
      other.setDefaultTimeout(15_000)
      await other.goto(`${at}/console/`)
      await other.fill('#code', CODES.anna)
      await other.click('#code-form button')
      await other.waitForSelector('text=Nothing waits for anybody')
      expect(other.url()).toBe(`${at}/console/`)
      await other.click('nav >> text=Tasks')
      await other.waitForSelector('text=Nobody has delegated anything yet')
      expect(other.url()).toBe(`${at}/console/tasks`)
      await other.reload()
      await other.waitForSelector('text=Nobody has delegated anything yet')
      await other.goto(admin('/console/tasks'))
      expect(other.url()).toBe(admin('/login?next=%2Fconsole%2Ftasks'))
      await other.context().close()
    })
  },
)
