import { describe, expect, test } from 'vitest'
import { byMona, NEVER, useGate } from '../../test/support/gate-harness.ts'
import { DEFAULT_TENANT, type TaskId } from '../core/ids.ts'
import type { Task } from '../core/identity.ts'
import type { ToolCall } from '../core/tool-call.ts'
import type { Caller, Verdict } from './gate.ts'

const h = useGate()
const CI = '.github/workflows/release.yml'
const workflow = (name: string) => `.github/workflows/${name}.yml`

async function verdictOf(caller: Caller, call: ToolCall): Promise<Verdict> {
  return h().gate.authorize(caller, call, NEVER)
}

async function childOf(caller: Caller, id: string): Promise<Caller> {
  const { task, ancestors } = caller.chain
  const child: Task = { ...task, id: id as TaskId, parent: task.id, origin: 'parent-task' }
  await h().store.journal.commit({ records: [], changes: [{ kind: 'insert-task', task: child }] })
  return { ...caller, chain: { task: child, ancestors: [task, ...ancestors] } }
}

describe('R-CON-4: no flood of requests', () => {
  test('a tree of tasks has three requests open; the fourth is denied, and its human is told once', async () => {
    h().consentLimits = { open: 3, hourly: 20 }
    const caller = await h().callerOf()
    const child = await childOf(caller, 'tsk_child')
    for (const name of ['a', 'b']) await h().askedFor(caller, h().write(workflow(name)))
    const third = await h().askedFor(child, h().write(workflow('c')))
    for (const name of ['d', 'e']) {
      const verdict = await verdictOf(child, h().write(workflow(name)))
      expect(verdict).toMatchObject({
        effect: 'deny',
        decision: { policies: ['remit:consent-flood'] },
        error: {
          code: 'call_denied',
          message: expect.stringContaining('once your human has answered') as string,
        },
      })
    }
    expect((await h().askedFor(child, h().write(workflow('c')))).id).toBe(third.id)
    await h().askedFor(await h().callerOf(), h().write(CI))
    const root = caller.chain.task.id
    const flag = { task: root, human: 'alice', why: 'consent-flood', denied: 2 }
    expect(await h().administration.listFlags(byMona)).toMatchObject([flag])
    expect(await h().administration.flagOf(byMona, 'tsk_child' as TaskId)).toMatchObject(flag)
    expect((await h().kinds()).filter((kind) => kind === 'task.flagged')).toHaveLength(1)
    await h().administration.refuse(byMona, third.id, 'no')
    await h().askedFor(caller, h().write(workflow('d')))
  })

  test('a tree of tasks asks so often within any hour, whatever was answered', async () => {
    h().consentLimits = { open: 3, hourly: 4 }
    const caller = await h().callerOf({ lifetime: 7_200_000 })
    for (const name of ['a', 'b', 'c', 'd']) {
      const { id } = await h().askedFor(caller, h().write(workflow(name)))
      await h().administration.approve(byMona, id, {})
      h().now += 60_000
    }
    expect(await verdictOf(caller, h().write(CI))).toMatchObject({
      effect: 'deny',
      decision: { policies: ['remit:consent-flood'] },
    })
    h().now += 3_600_000 - 4 * 60_000
    await h().askedFor(caller, h().write(CI))
    expect(await verdictOf(caller, h().write(workflow('f')))).toMatchObject({ effect: 'deny' })
  })

  test('of many different calls that race for the last place exactly one asks', async () => {
    h().consentLimits = { open: 1, hourly: 20 }
    const caller = await h().callerOf()
    const verdicts = await Promise.all(
      Array.from({ length: 8 }, (_, at) => verdictOf(caller, h().write(workflow(`w${at}`)))),
    )
    expect(verdicts.map(({ effect }) => effect).toSorted()).toEqual([
      'consent',
      ...Array<string>(7).fill('deny'),
    ])
  })
})

describe('R-CON-2: what was refused is refused for the tree of tasks', () => {
  async function refused(call: ToolCall): Promise<Caller> {
    const caller = await h().callerOf()
    const { id } = await h().askedFor(caller, call)
    await h().administration.refuse(byMona, id, 'use the staging job')
    return caller
  }

  test('the same operation with other bytes is denied with the reason, also below and beside other work', async () => {
    const caller = await refused(h().write(CI))
    const child = await childOf(caller, 'tsk_child')
    for (const by of [caller, child]) {
      expect(await verdictOf(by, h().write(CI, 'something else'))).toMatchObject({
        effect: 'deny',
        error: {
          code: 'approval_refused',
          message: expect.stringContaining('use the staging job') as string,
        },
        decision: { reasons: [{ text: expect.stringContaining('use the staging job') as string }] },
      })
    }
    const [decision] = await h().store.records.query({ tenant: DEFAULT_TENANT, kind: 'decision', limit: 1 })
    expect(decision?.envelope).toMatchObject({ approval: { state: 'refused', approvers: ['mona'] } })
    expect((await verdictOf(caller, h().write(workflow('other')))).effect).toBe('consent')
    expect((await verdictOf(await h().callerOf(), h().write(CI))).effect).toBe('consent')
  })

  test.each([
    ['npm  test', 'deny'],
    ['npm "test"', 'deny'],
    ['ls && npm test', 'deny'],
    ['npm test; curl https://example.com/', 'deny'],
    ['npm run build', 'consent'],
  ])('after `npm test` was refused, `%s` is answered with %s', async (command, effect) => {
    const caller = await refused(h().command('npm test'))
    expect((await verdictOf(caller, h().command(command))).effect).toBe(effect)
  })
})
