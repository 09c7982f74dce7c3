import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CODES, CONSOLE_PEOPLE } from '../support/console-people.ts'
import { type HumanGateway, startHumanGateway } from '../support/human-gateway.ts'
import { connectClient } from '../support/mcp-client.ts'
import { faultsOf } from '../support/page-faults.ts'
import { findProgram } from '../support/required-programs.ts'
import { ROOT } from '../support/running-gateway.ts'
import { shoot, shootBoth } from '../support/screenshots.ts'

const program = findProgram('chromium')

describe.skipIf(program === undefined)('agents in the console', () => {
  let running: HumanGateway
  let chrome: Browser
  let page: Page
  let task: { readonly id: string; readonly token: string }
  const admin = (path: string): string => `${running.gateway.urls.admin}${path}`
  const rows = () => page.locator('main .rows > li')
  const choice = (name: string) => page.getByRole('combobox', { name })

  async function send(url: string, body: object, token: string): Promise<string> {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    const said = await answer.text()
    if (!answer.ok) throw new Error(said)
    return said
  }

  /** As `remit connect --agent` tells it when its agent starts. */
  async function report(agent: string, version: string, files: string, machine: string): Promise<void> {
    await send(
      `${running.gateway.urls.agent}/agents/v1/report`,
      {
        agent,
        version,
        remit: '0.1.0',
        machine: { id: machine.replaceAll('-', '').padEnd(16, '0'), name: machine, platform: 'linux' },
        hooks: { files },
      },
      task.token,
    )
  }

  beforeAll(async () => {
    execFileSync(process.execPath, [join(ROOT, 'scripts', 'ensure-console.mjs')], { stdio: 'ignore' })
    running = await startHumanGateway(undefined, CONSOLE_PEOPLE)
    const local = readFileSync(join(running.home, '.remit', 'local-credential'), 'utf8').trim()
    const begun = { workflow: 'fix-tests', intent: 'mend the parser', workspace: running.workspace }
    const issued = JSON.parse(await send(admin('/tasks'), begun, local)) as {
      readonly token: string
      readonly task: { readonly id: string }
    }
    task = { id: issued.task.id, token: issued.token }
    chrome = await chromium.launch({ executablePath: program ?? '', args: ['--no-sandbox'] })
    page = await (await chrome.newContext()).newPage()
    page.setDefaultTimeout(15_000)
    await page.goto(admin('/login?next=/console/agents'))
    await page.fill('#code', CODES.iris)
    await page.click('#code-form button')
    await page.waitForSelector('h1 >> text=Agents')
  }, 240_000)

  afterAll(async () => {
    await chrome.close()
    await running.stop()
  })

  test('R-AGT-2, R-UX-2: who has no agent yet is told how to put one behind the gateway', async () => {
    await expect.poll(() => page.locator('main').innerText()).toContain('remit init')
    expect(await page.getByRole('link', { name: /^Agents/ }).innerText()).toBe('Agents')
  })

  test('R-AGT-2: agents stand there by themselves, what is to be mended first, with how; the navigation counts it', async () => {
    await report('claude-code', '2.1.290', 'present', 'build-host-seven')
    await report('codex', '0.169.0', 'missing', 'laptop-of-alice')
    await report('gemini-cli', '0.61.0', 'present', 'laptop-of-alice')
    const begins = {
      hook_event_name: 'SessionStart',
      session_id: 's',
      cwd: running.workspace,
      source: 'startup',
    }
    await send(`${running.gateway.urls.agent}/hooks/v1/gemini-cli`, begins, task.token)
    // As when its reader comes back to it.
    await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')))
    await expect.poll(() => rows().count()).toBe(3)
    const words = await rows().allInnerTexts()
    expect(words.map((each) => /hooks (\w+) (\S+)/.exec(each)?.slice(1))).toEqual([
      ['missing', 'codex'],
      ['quiet', 'claude-code'],
      ['alive', 'gemini-cli'],
    ])
    expect(words[0]).toMatch(
      /started without its hooks \(.*\)\. To mend it: run `remit init`.*docs\/agents\.md/,
    )
    expect(words[1]).toMatch(/hooks set up, never heard[^]*too old/)
    expect(words[2]).not.toMatch(/To mend/)
    await page.reload()
    const link = page.getByRole('link', { name: /^Agents/ })
    await expect.poll(() => link.innerText()).toMatch(/^Agents\s+to mend: 2$/)
  })

  test('R-UX-2: agents are legible in both colours, on a telephone, and to a screen reader', async () => {
    await shootBoth(page, 'agents')
    const faults: string[] = []
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      faults.push(...(await faultsOf(page)))
    }
    await page.setViewportSize({ width: 390, height: 800 })
    const wide = await page.evaluate(() => document.documentElement.scrollWidth)
    await shoot(page, 'docs-agents-narrow')
    await page.setViewportSize({ width: 1280, height: 800 })
    expect({ faults, wide }).toEqual({ faults: [], wide: 390 })
    await shoot(page, 'docs-agents-wide')
  })

  test('R-AGT-2: agents are chosen by hooks, agent and machine, from the keyboard', async () => {
    await choice('Machine').focus()
    await page.keyboard.press('l')
    await expect.poll(() => rows().count()).toBe(2)
    await choice('Hooks').selectOption('alive')
    await expect.poll(() => rows().allInnerTexts()).toEqual([expect.stringContaining('gemini-cli')])
    await choice('Machine').selectOption('')
    await choice('Hooks').selectOption('')
    await choice('Agent').selectOption('codex')
    await expect.poll(() => rows().allInnerTexts()).toEqual([expect.stringContaining('codex')])
  })

  test('R-AGT-2: an agent leads to what is on record of it, and to its task, which shows its agents', async () => {
    await page.click('text=its records')
    await expect.poll(() => page.getByLabel('Query', { exact: true }).inputValue()).toContain('id = "agt_')
    await expect.poll(() => rows().allInnerTexts()).toContainEqual(expect.stringContaining('agent.irregular'))
    await page.goBack()
    await page.click('text=its task')
    await expect.poll(() => page.locator('section.agents .rows > li').count()).toBe(3)
    await shoot(page, 'docs-agents-task')
    expect(await faultsOf(page)).toEqual([])
  })

  test('R-AUD-3: in a timeline, what a hook and the gateway heard of one use of a tool are halves of one entry', async () => {
    const asks = {
      hook_event_name: 'PreToolUse',
      session_id: 's',
      cwd: running.workspace,
      tool_name: 'Read',
      tool_input: { file_path: join(running.workspace, 'README.md') },
      tool_use_id: 'toolu_one',
    }
    await send(`${running.gateway.urls.agent}/hooks/v1/claude-code`, asks, task.token)
    const client = await connectClient(`${running.gateway.urls.agent}/mcp`, task.token, 'modern')
    await client.callTool({
      name: 'filesystem__read_text_file',
      arguments: { path: join(running.workspace, 'README.md') },
      _meta: { 'claudecode/toolUseId': 'toolu_one' },
    })
    await client.close()
    await page.goto(admin(`/console/audit/${task.id}`))
    const halves = page.locator('.halves > li')
    await expect.poll(() => halves.count()).toBeGreaterThanOrEqual(3)
    const words = await halves.allInnerTexts()
    expect(words.some((each) => /decision.*at its hook claude-code__Read/.test(each))).toBe(true)
    expect(words.some((each) => /decision.*filesystem__read_text_file/.test(each))).toBe(true)
    expect(await faultsOf(page)).toEqual([])
    await shootBoth(page, 'halves')
    await page.click('text=toolu_one')
    await expect.poll(() => page.getByLabel('Query', { exact: true }).inputValue()).toBe('use = "toolu_one"')
    await expect.poll(() => halves.count()).toBeGreaterThanOrEqual(3)
  })
})
