import { describe, expect, test } from 'vitest'
import { compilerOf } from '../../test/policy/compiled.ts'
import { ADA, chain, operation, readFile, request, task, visibility } from '../../test/policy/samples.ts'
import { explanationText } from './explanation-text.ts'

const TASKS = `@id("work") @redact("secrets") permit (principal is Task, action, resource);`
const HUMANS = `
@id("payments") permit (principal in Team::"payments", action in [Action::"file.read", Action::"file.write"], resource);
@id("no-infra") @reason("nobody of the interns touches it")
forbid (principal in Role::"intern", action == Action::"file.write", resource in Directory::"infra");
@id("two-keys") @consent("keys") @reason("humans ask here too")
forbid (principal is Human, action == Action::"file.write", resource in Directory::"keys");
`
const set = compilerOf(`${TASKS}${HUMANS}`, { ceiling: false })()
const payments = { ...ADA, teams: ['payments'], roles: [] }
const write = (folder: string) =>
  operation('file.write', { id: `${folder}/a`, ancestors: [{ type: 'Directory', id: folder }] })

describe('the human’s own ceiling', () => {
  test('R-ID-2: without a permit for the human the task is denied, and the reason says whose ceiling it is', () => {
    const decision = set.decide(request([readFile('a')], { human: { ...ADA, teams: [], roles: [] } }))
    expect(decision).toMatchObject({ effect: 'deny', policies: ['remit:ceiling'], obligations: [] })
    expect(decision.reasons).toEqual([
      {
        policy: 'remit:ceiling',
        text: '`ada` may not do `file.read on File::"a"` themselves, so no task of theirs may; no policy permits it to a human',
        operation: 0,
      },
    ])
  })

  test('R-ID-2: the human’s permit allows nothing that the task’s policies do not', () => {
    const humansOnly = compilerOf(HUMANS, { ceiling: false })()
    expect(humansOnly.decide(request([readFile('a')], { human: payments }))).toMatchObject({
      effect: 'deny',
      policies: [],
      reasons: [{ policy: 'remit:no-permit' }],
    })
  })

  test('R-ID-2: within the ceiling the task’s own policies are why, with what they ask to be done', () => {
    expect(set.decide(request([readFile('a')], { human: payments }))).toMatchObject({
      effect: 'allow',
      policies: ['work'],
      obligations: ['redact-secrets'],
    })
  })

  test('R-ID-2: a forbid for the human denies, and a gate for the human asks', () => {
    const intern = { ...payments, roles: ['intern'] }
    expect(set.decide(request([write('infra')], { human: intern }))).toMatchObject({
      effect: 'deny',
      policies: ['no-infra'],
    })
    const asked = request([write('keys')], { human: payments })
    expect(set.decide(asked)).toMatchObject({ effect: 'consent', policies: ['two-keys'] })
    const agreed = request([write('keys')], { human: payments, facts: { approvals: ['keys'] } })
    expect(set.decide(agreed).effect).toBe('allow')
  })

  test('R-ID-2: one operation beyond it denies the whole call, for a child as for its root', () => {
    const both = [readFile('a'), operation('git.read', { type: 'Repository', id: 'r' })]
    for (const of of [chain(task()), chain(task(), task({ id: 'tsk_0' }))]) {
      expect(set.decide(request(both, { human: payments, chain: of }))).toMatchObject({
        effect: 'deny',
        policies: ['remit:ceiling'],
      })
    }
  })

  test('R-POL-7: an explanation names the human, the nearest permit and what would change it', () => {
    const explanation = set.explain(request([readFile('a')], { human: { ...ADA, teams: [], roles: [] } }))
    expect(explanation.operations[0]).toMatchObject({ ceiling: true, nearMisses: [{ id: 'payments' }] })
    expect(explanationText(explanation)).toContain('(for the human, whom no task goes beyond)')
    expect(explanation.changes.map(({ text }) => text)).toContain('if `ada` were in the team `payments`')
  })

  test('R-MCP-1: a tool that its human could never use is not listed', () => {
    const tools = compilerOf(
      `${TASKS} @id("h") permit (principal in Team::"payments", action == Action::"tool.call", resource);`,
      { ceiling: false },
    )()
    expect(tools.visible({ ...visibility([]), human: { ...ADA, teams: [], roles: [] } })).toBe('never')
    expect(tools.visible({ ...visibility([]), human: payments })).not.toBe('never')
  })
})
