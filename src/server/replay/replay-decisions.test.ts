import { expect, test } from 'vitest'
import { byMona, NEVER, useGate } from '../../../test/support/gate-harness.ts'
import { packWith, pastOf } from '../../../test/support/past-traffic.ts'
import type { ToolCall } from '../../core/tool-call.ts'
import type { Caller } from '../../gate/gate.ts'
import type { ReplayFilter } from '../../gate/replay/replay-filter.ts'
import type { PolicyBundle } from '../../policy/load-policy-set.ts'
import { replayDecisions } from './replay-decisions.ts'

const h = useGate()
const pack = packWith()
/** Pipelines are nobody’s business; listing folders is. */
const other = packWith(
  [/@id\("ci"\)[\s\S]*?forbid \([\s\S]*?;\n/, ''],
  [
    /$/,
    '\n@id("no-lists") @reason("x") @consent("lists") forbid (principal is Task, action == Action::"file.list", resource);',
  ],
)

async function traffic(): Promise<Caller> {
  const caller = await h().callerOf()
  const run = (call: ToolCall) => h().gate.authorize(caller, call, NEVER)
  for (let time = 0; time < 3; time += 1) await run(h().read('src/a.ts'))
  await run(h().read('.env'))
  for (let time = 0; time < 2; time += 1) await run(h().call('list_directory', { path: h().workspace }))
  const agreed = await h().askedFor(caller, h().write('.github/workflows/a.yml'))
  await run(h().write('.github/workflows/a.yml'))
  await h().administration.approve(byMona, agreed.id, {})
  await run(h().write('.github/workflows/a.yml'))
  const refused = await h().askedFor(caller, h().write('.github/workflows/b.yml'))
  await h().administration.refuse(byMona, refused.id, 'no')
  await run(h().write('.github/workflows/b.yml'))
  return caller
}

async function played(
  candidate: PolicyBundle,
  more: {
    readonly filter?: ReplayFilter
    readonly baseline?: PolicyBundle
    readonly erased?: readonly number[]
    readonly threads?: number
  } = {},
) {
  const { filter = {}, baseline, erased, threads } = more
  const batches = threads === undefined ? {} : { threads, batch: 1 }
  const past = await pastOf(h(), erased)
  return replayDecisions(past, { candidate, filter, baseline, now: () => h().now, ...batches })
}

test('R-POL-8: replay tells what other policies would have made of past calls, by rule, with examples and prompts a week', async () => {
  h().policies = pack.set
  const caller = await traffic()
  const report = await played(other)
  expect(report).toMatchObject({ decisions: 11, replayed: 11, before: { allow: 6, consent: 3, deny: 2 } })
  expect(report.after).toEqual({ allow: 8, consent: 2, deny: 1 })
  const said = report.transitions.map(({ from, to, direction, rules, decisions }) => [
    `${from} ${to} ${direction}`,
    rules,
    decisions,
  ])
  expect(said).toEqual([
    ['consent allow loosened', ['ci'], 3],
    ['allow consent tightened', ['no-lists'], 2],
    ['deny allow loosened', ['ci'], 1],
  ])
  const [first] = report.transitions
  expect(first).toMatchObject({
    tools: [{ name: 'filesystem/write_file', decisions: 3 }],
    humans: [{ name: 'alice', decisions: 3 }],
    tasks: [{ name: caller.chain.task.id, decisions: 3 }],
  })
  expect(first?.examples[0]).toMatchObject({ what: 'file.write File .github/workflows/a.yml' })
  const [found] = await h().store.records.query({
    tenant: caller.chain.task.tenant,
    after: first!.examples[0]!.index - 1,
    before: first!.examples[0]!.index + 1,
  })
  expect(found?.envelope.id).toBe(first!.examples[0]!.id)
  // Two requests were made, and there would be one for each list, within less than a day, which counts as one.
  expect(report.prompts).toEqual({ before: 2, after: 2, beforePerWeek: 14, afterPerWeek: 14 })
})

test('R-POL-8: people answer as they did; the same policies change nothing; threads count alike', async () => {
  h().policies = pack.set
  await traffic()
  expect((await played(pack)).transitions).toEqual([])
  const stricter = packWith([
    /$/,
    '\n@id("two") @reason("x") @consent("more") forbid (principal is Task, action == Action::"file.write", resource);',
  ])
  const report = await played(stricter)
  // What was agreed to asks for one more; what was refused stays refused.
  expect(report.transitions.map(({ from, to, decisions }) => [from, to, decisions])).toEqual([
    ['consent', 'consent', 3],
    ['allow', 'consent', 1],
  ])
  expect(report.prompts).toMatchObject({ before: 2, after: 2 })
  const threaded = await played(stricter, { threads: 2 })
  expect(threaded).toEqual(report)
  expect((await played(other, { baseline: other })).transitions).toEqual([])
})

test('R-POL-8: a replay is of the calls that were asked for, and counts what was erased and leaves it out', async () => {
  h().policies = pack.set
  const caller = await traffic()
  const erased = [...((await pastOf(h())).rows(0) as Iterable<{ index: number }>)].map(({ index }) => index)
  const report = await played(other, { erased: erased.slice(0, 4) })
  expect(report).toMatchObject({ decisions: 11, replayed: 7, skipped: { erased: 4 } })
  for (const [filter, decisions] of [
    [{ tool: 'list_directory' }, 2],
    [{ tool: 'filesystem' }, 11],
    [{ human: 'nobody' }, 0],
    [{ workflow: 'fix-tests', task: caller.chain.task.id }, 11],
    [{ task: 'tsk_other' }, 0],
    [{ since: h().now + 1 }, 0],
    [{ until: h().now }, 0],
  ] as const)
    expect((await played(other, { filter })).decisions).toBe(decisions)
})
