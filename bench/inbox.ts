/**
 * The inbox with many requests that wait, in a real Chromium: how long it takes to open, whether it scrolls smoothly, and
 * how long an approval takes to reach the call that waits for it, meanwhile. `--waiting N` (default 10,000),
 * `--approvals N` (default 60).
 */
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { parseArgs } from 'node:util'
import { chromium, type Page } from 'playwright-core'
import type { Approval } from '../src/core/approval.ts'
import { SEVERITIES } from '../src/core/decision.ts'
import { gravityOf } from '../src/core/gravest.ts'
import { rawCall } from '../test/support/raw-call.ts'
import { startRecordingUpstream } from '../test/support/recording-upstream.ts'
import { findProgram } from '../test/support/required-programs.ts'
import { APPROVER_CODE, ROOT, startGateway, type RunningGateway } from '../test/support/running-gateway.ts'
import { writeResults } from './proxy/statistics.ts'

const { values } = parseArgs({
  options: { waiting: { type: 'string', default: '10000' }, approvals: { type: 'string', default: '60' } },
})
const WAITING = Number(values.waiting)
const APPROVALS = Number(values.approvals)
const AUTH = { authorization: `Bearer ${APPROVER_CODE}`, 'content-type': 'application/json' }

execFileSync(process.execPath, [join(ROOT, 'scripts', 'ensure-console.mjs')], { stdio: 'inherit' })
const upstream = await startRecordingUpstream()
const first = await startGateway({
  config: () => `consent: { hold: 60s }
servers:
  probe:
    url: ${upstream.url}
    era: modern
    session: shared
    fileSystem: none
    tools: { wipe: { actions: [money.send] } }
`,
})
const task = first.task()
const asked = rawCall(first.agentUrl, task.token, { name: 'probe__wipe', arguments: { text: 'first' } })
const pattern = await newest(first)
await refuse(first, pattern.id)
await asked
await first.kill('SIGTERM')
fill(first, pattern)
const gateway = await first.restart()

const browser = await chromium.launch({
  executablePath: findProgram('chromium') ?? '',
  args: ['--no-sandbox'],
})
try {
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 900 } })).newPage()
  await page.goto(`${gateway.adminUrl}/login`)
  await page.fill('#code', APPROVER_CODE)
  await page.click('#code-form button')
  await page.waitForSelector('#account:not([hidden])')
  await page.addInitScript(noteTimes)
  const opened = []
  for (let round = 0; round < 5; round += 1) opened.push(await open(page, gateway))
  // A wheel; and a hand that drags the bar from one end to the other.
  const frames = { wheel: await scroll(page, 300), drag: await scroll(page, 3_000) }
  const reached = await approveMany(gateway)
  const figures = { waiting: WAITING, opened, frames, reached }
  process.stdout.write(`${JSON.stringify(figures, undefined, 2)}\n`)
  writeResults('inbox', figures)
} finally {
  await browser.close()
  await gateway.remove()
  upstream.close()
}

/** Copies of a real request, each of a tree of its own, straight into the database of a gateway that stands still. */
function fill({ home }: RunningGateway, like: Approval): void {
  const db = new DatabaseSync(join(home, '.remit', 'ledger.sqlite'))
  const insert = db.prepare(
    `INSERT INTO approval (tenant, id, task, root, call, state, votes, created, expires, severity, body)
     VALUES (?, ?, ?, ?, ?, 'pending', 0, ?, ?, ?, ?)`,
  )
  db.exec('BEGIN')
  const now = Date.now()
  for (let at = 0; at < WAITING; at += 1) {
    const key = String(at).padStart(6, '0')
    const severity = SEVERITIES[at % 3] ?? 'low'
    const approval = {
      ...like,
      id: `apr_bench${key}`,
      root: `tsk_bench${key}`,
      call: key.padEnd(64, 'b'),
      gates: like.gates.map((gate) => ({ ...gate, severity })),
      state: 'pending',
      refusal: undefined,
      created: now - at * 10,
      expires: now + 3_600_000,
    } as unknown as Approval
    const { tenant, id, task, root = null, call, created, expires } = approval
    const place = [created, expires, gravityOf(approval.gates)] as const
    insert.run(tenant, id, task, root, call, ...place, JSON.stringify(approval))
  }
  db.exec('COMMIT')
  db.close()
}

/** Runs in the page: when the first row and when all were to be seen, in milliseconds since the navigation began. */
function noteTimes(): void {
  const times: { first?: number; all?: number } = {}
  Object.assign(globalThis, { times })
  const look = (): void => {
    const said = document.querySelector('.side [role=status]')?.textContent ?? ''
    if (document.querySelector('.inbox .item') !== null) times.first ??= performance.now()
    if (/\d wait/.test(said)) times.all ??= performance.now()
    if (times.all === undefined) requestAnimationFrame(look)
  }
  requestAnimationFrame(look)
}

async function open(page: Page, { adminUrl }: RunningGateway): Promise<unknown> {
  await page.goto(`${adminUrl}/console/`)
  await page.waitForFunction(
    () => (globalThis as unknown as { times: { all?: number } }).times.all,
    undefined,
    {
      timeout: 60_000,
    },
  )
  const said = await page.textContent('.side [role=status]')
  const times = await page.evaluate(() => (globalThis as unknown as { times: object }).times)
  return { ...times, said }
}

/** Down for 300 frames, so many pixels each: milliseconds between frames, and frames in which a row was missing from view. */
async function scroll(page: Page, step: number): Promise<unknown> {
  return page.evaluate(async (step) => {
    const box = document.querySelector('.inbox')
    if (box === null) throw new Error('there is no inbox')
    const frame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve))
    const taken: number[] = []
    let missing = 0
    let before = await frame()
    for (let at = 0; at < 300; at += 1) {
      box.scrollTop = step * at
      const now = await frame()
      taken.push(now - before)
      before = now
      const { left, top, bottom } = box.getBoundingClientRect()
      const shown = [top + 20, bottom - 20].every(
        (y) => document.elementFromPoint(left + 40, y)?.closest('.item') !== null,
      )
      if (!shown) missing += 1
    }
    taken.sort((a, b) => a - b)
    return { p50: taken[150], p95: taken[285], max: taken[299], missing }
  }, step)
}

/** Milliseconds from sending an approval to the answer of the call that waited for it. */
async function approveMany(gateway: RunningGateway): Promise<unknown> {
  const { token } = gateway.task()
  const taken: number[] = []
  for (let at = 0; at < APPROVALS; at += 1) {
    const call = { name: 'probe__wipe', arguments: { text: String(at) } }
    const answer = rawCall(gateway.agentUrl, token, call)
    const { id } = await newest(
      gateway,
      (each) => each.state === 'pending' && !each.id.startsWith('apr_bench'),
    )
    const sent = performance.now()
    const approved = await fetch(`${gateway.adminUrl}/approvals/${id}/approve`, {
      method: 'POST',
      headers: AUTH,
      body: '{}',
    })
    if (!approved.ok) throw new Error(await approved.text())
    const { text } = await answer
    taken.push(performance.now() - sent)
    if (text !== 'done') throw new Error(text)
  }
  taken.sort((a, b) => a - b)
  const part = (share: number): number | undefined => taken[Math.ceil(taken.length * share) - 1]
  return { p50: part(0.5), p95: part(0.95), max: taken.at(-1) }
}

async function newest(gateway: RunningGateway, fits = (_each: Approval) => true): Promise<Approval> {
  for (let tries = 0; tries < 1_000; tries += 1) {
    const answer = await fetch(`${gateway.adminUrl}/approvals?limit=1`, { headers: AUTH })
    const { approvals } = (await answer.json()) as { approvals: readonly Approval[] }
    if (approvals[0] !== undefined && fits(approvals[0])) return approvals[0]
    await new Promise((resolve) => {
      setTimeout(resolve, 10)
    })
  }
  throw new Error('nothing was asked for')
}

async function refuse(gateway: RunningGateway, id: string): Promise<void> {
  const body = JSON.stringify({ reason: 'only a pattern' })
  await fetch(`${gateway.adminUrl}/approvals/${id}/refuse`, { method: 'POST', headers: AUTH, body })
}
