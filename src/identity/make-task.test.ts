import { describe, expect, test } from 'vitest'
import type { HumanId, TaskId, TenantId } from '../core/ids.ts'
import type { Task } from '../core/identity.ts'
import { makeTask, type NewTask, type TaskMaking } from './make-task.ts'
import type { WorkflowTemplate } from './workflow.ts'

const NOW = 1_800_000_000_000
const template: WorkflowTemplate = {
  scope: { paths: ['src/**', 'test/**'], hosts: [] },
  environment: 'laptop',
  lifetime: 60_000,
  maxLifetime: 600_000,
  budget: { calls: 100 },
}

function make(request: Partial<NewTask> = {}, making: Partial<TaskMaking> = {}): Task {
  return makeTask(
    { workflow: 'fix', intent: ' fix it ', agent: { id: 'codex', kind: 'codex' }, ...request },
    {
      template,
      human: 'maria' as HumanId,
      tenant: 'default' as TenantId,
      id: 'tsk_new' as TaskId,
      now: NOW,
      origin: 'human-session',
      ...making,
    },
  )
}

function codeOf(run: () => unknown): string {
  try {
    run()
    return 'accepted'
  } catch (thrown) {
    return (thrown as { code: string }).code
  }
}

describe('R-ID-2: a task as asked for', () => {
  test('what is left out is the workflow’s; what is asked for replaces it', () => {
    expect(make()).toMatchObject({
      intent: 'fix it',
      scope: { paths: ['src/**', 'test/**'], hosts: [] },
      environment: 'laptop',
      environmentProved: false,
      budget: { calls: 100 },
      expires: NOW + 60_000,
    })
    const asked = make({ scope: { paths: ['docs/**'], servers: [] }, lifetime: 5_000, budget: { calls: 7 } })
    expect(asked.scope).toEqual({ paths: ['docs/**'], hosts: [], servers: [] })
    expect(asked.scope).not.toHaveProperty('tools')
    expect(asked).toMatchObject({ expires: NOW + 5_000, budget: { calls: 7 } })
  })

  test('a ceiling narrows what is asked for and refuses what lies beyond', () => {
    const capped = { ...template, ceiling: { paths: ['src/**'], actions: ['read'] } }
    expect(make({ scope: { paths: ['**'] } }, { template: capped }).scope).toEqual({
      paths: ['src/**'],
      hosts: [],
      actions: ['read'],
    })
    expect(() => make({ scope: { paths: ['docs/**'] } }, { template: capped })).toThrow(
      /`docs\/\*\*` in `paths`/,
    )
    expect(codeOf(() => make({ scope: { actions: ['write'] } }, { template: capped }))).toBe('scope_wider')
  })

  test.each([
    ['an empty intent', { intent: '  ' }, 'input_invalid'],
    ['a very long intent', { intent: 'x'.repeat(2001) }, 'input_invalid'],
    ['a lifetime over the limit', { lifetime: 600_001 }, 'scope_wider'],
    ['a lifetime of nothing', { lifetime: 0 }, 'input_invalid'],
    ['a lifetime that is no number', { lifetime: Number.NaN }, 'input_invalid'],
    ['a budget over the limit', { budget: { calls: 101 } }, 'scope_wider'],
    ['a negative budget', { budget: { writes: -1 } }, 'input_invalid'],
    ['a relative workspace', { workspace: 'repo' }, 'input_invalid'],
    ['an absolute path pattern', { scope: { paths: ['/etc/**'] } }, 'input_invalid'],
    ['a path pattern that climbs', { scope: { paths: ['../x'] } }, 'input_invalid'],
    ['an unknown dimension', { scope: { path: ['x'] } as never }, 'input_invalid'],
    ['an unknown environment', { environment: 'moon' as never }, 'input_invalid'],
    ['a name with a line feed', { agent: { id: 'a\nb', kind: 'x' } }, 'input_invalid'],
  ])('%s is refused', (_, request, code) => {
    expect(codeOf(() => make(request))).toBe(code)
  })
})

describe('R-ID-3: a task made from a task', () => {
  const parent = make({
    scope: { paths: ['src/**'] },
    workspace: '/repo',
    budget: { calls: 10 },
    lifetime: 30_000,
  })
  const child = (request: Partial<NewTask> = {}, making: Partial<TaskMaking> = {}) =>
    make(request, { id: 'tsk_child' as TaskId, parent, origin: 'parent-task', ...making })

  test('is never more than its parent', () => {
    expect(child({ scope: { paths: ['**'], tools: ['fs__*'] }, lifetime: 600_000 })).toMatchObject({
      parent: 'tsk_new',
      workspace: '/repo',
      scope: { paths: ['src/**'], hosts: [], tools: ['fs__*'] },
      budget: { calls: 10 },
      expires: parent.expires,
    })
  })

  test('cannot change human, workspace, environment or widen anything', () => {
    expect(codeOf(() => child({ scope: { paths: ['docs/**'] } }))).toBe('scope_wider')
    expect(codeOf(() => child({ budget: { calls: 11 } }))).toBe('scope_wider')
    expect(codeOf(() => child({ workspace: '/else' }))).toBe('scope_wider')
    expect(codeOf(() => child({ environment: 'sandbox' }))).toBe('scope_wider')
    expect(codeOf(() => child({}, { human: 'eve' as HumanId }))).toBe('input_invalid')
    expect(codeOf(() => child({}, { now: parent.expires }))).toBe('input_invalid')
  })
})
