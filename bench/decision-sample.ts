import type { statefulIsAuthorized } from '@cedar-policy/cedar-wasm/nodejs'
import { NO_HISTORY } from '../src/core/facts.ts'
import type { Operation } from '../src/core/operation.ts'
import type { DecisionRequest } from '../src/policy/policy-set.ts'

/** Rules of one team's repository: permits, hard forbids and gates. */
function teamRules(team: number): string {
  const repository = `Repository::"acme/service-${team}"`
  const name = (rule: string): string => `@id("team-${team}/${rule}")`
  return `
${name('read')} permit (principal is Task, action in [Action::"file.read", Action::"file.list"], resource in ${repository}) when { principal.human in Team::"team-${team}" };
${name('write')} permit (principal is Task, action == Action::"file.write", resource in ${repository}) when { principal.human in Team::"team-${team}" && context.history.writes < 500 };
${name('secret')} forbid (principal is Task, action, resource in ${repository}) when { resource.labels.contains("secret") };
${name('ci')} @consent("ci") forbid (principal is Task, action in Action::"write", resource in ${repository}) when { resource.labels.contains("ci") };
${name('lock')} @consent("dependencies") forbid (principal is Task, action == Action::"file.write", resource in ${repository}) when { resource.labels.containsAny(["lockfile", "manifest"]) };
${name('shell')} permit (principal is Task, action == Action::"shell.execute", resource) when { context.sandboxed && principal.workflow == "fix-${team}" };
${name('push')} permit (principal is Task, action == Action::"git.push", resource in ${repository}) when { !resource.labels.contains("protected") };
${name('night')} forbid (principal is Task, action in Action::"write", resource in ${repository}) when { context.hour < 6 && context.environment == "production" };
${name('taint')} forbid (principal is Task, action in Action::"egress", resource in ${repository}) when { context.history.labels.contains("untrusted") };
${name('old')} permit (principal is Task, action == Action::"repo.read", resource in ${repository}) when { context.now < datetime("2030-01-01") };
`
}

/** As many policies as asked for, ten for each team. */
export function policyText(size: number): string {
  return COMMON + Array.from({ length: size / 10 }, (_, team) => teamRules(team)).join('')
}

const COMMON = `@id("call") permit (principal is Task, action == Action::"tool.call", resource is Tool);
@id("human-ceiling") permit (principal is Human, action, resource) unless { action == Action::"approve" };`

/** A write by an agent: the call itself, and what it does. */
export function call(labels: Operation['labels']): DecisionRequest {
  const tool = { type: 'Tool', id: 'files/write_file', ancestors: [{ type: 'Server', id: 'files' }] } as const
  const file = {
    type: 'File',
    id: 'src/app/main.ts',
    ancestors: ['src/app', 'src']
      .map((id) => ({ type: 'Directory', id }))
      .concat({ type: 'Repository', id: 'acme/service-1' }),
  } as const
  const origin = { pointer: '' }
  return {
    chain: {
      task: {
        id: 'tsk_1',
        human: 'ada',
        agent: { id: 'claude-1', kind: 'claude-code' },
        workflow: 'fix-1',
        intent: 'fix the failing test',
        environment: 'laptop',
        environmentProved: false,
        origin: 'human-session',
      },
      ancestors: [],
    },
    human: { id: 'ada', teams: ['team-1'], roles: ['developer'] },
    operations: [
      { action: 'tool.call', resource: tool, labels: [], opaque: false, origin },
      { action: 'file.write', resource: file, labels, opaque: false, origin },
    ],
    facts: {
      now: Date.UTC(2026, 10, 22, 10),
      door: 'mcp',
      kind: 'tool',
      server: 'files',
      tool: 'write_file',
      pinned: true,
      inferred: false,
      protection: 'advisory',
      environment: 'laptop',
      sandboxed: false,
      holderBound: false,
      hooked: false,
      taskState: 'active',
      loop: 'none',
      budgetExhausted: false,
      history: NO_HISTORY,
      provenance: [],
      approvals: [],
      outside: [[], []],
    },
  } as unknown as DecisionRequest
}

/** The write alone, as the official engine is asked: one of the two decisions that Remit makes for the call. */
export function wasmRequest(request: DecisionRequest): Parameters<typeof statefulIsAuthorized>[0] {
  const { facts } = request
  const [, write] = request.operations
  const file = write!.resource
  const uid = (type: string, id: string) => ({ type, id })
  const { now: _now, outside: _outside, history, ...context } = facts
  const { calls, consents, denials, errors, labels, writes } = history
  return {
    principal: uid('Task', 'tsk_1'),
    action: uid('Action', 'file.write'),
    resource: uid('File', file.id),
    context: {
      facts: {},
      ...context,
      history: { calls, consents, denials, errors, labels, writes },
      callLabels: write!.labels,
      hour: 10,
      weekday: 7,
      now: { __extn: { fn: 'datetime', arg: '2026-11-22T10:00:00Z' } },
      opaque: false,
      outside: [],
    },
    entities: [
      {
        uid: uid('Task', 'tsk_1'),
        attrs: {
          agent: { __entity: uid('Agent', 'claude-1') },
          depth: 0,
          environment: 'laptop',
          human: { __entity: uid('Human', 'ada') },
          intent: 'fix the failing test',
          origin: 'human-session',
          workflow: 'fix-1',
        },
        parents: [uid('Workflow', 'fix-1'), uid('AgentKind', 'claude-code')],
      },
      { uid: uid('Human', 'ada'), attrs: { id: 'ada' }, parents: [uid('Team', 'team-1')] },
      { uid: uid('Agent', 'claude-1'), attrs: { id: 'claude-1' }, parents: [] },
      { uid: uid('File', file.id), attrs: { labels: write!.labels, name: file.id }, parents: file.ancestors },
      { uid: uid('Action', 'file.write'), attrs: {}, parents: [uid('Action', 'write')] },
    ],
    preparsedPolicySetId: 'bench',
    preparsedSchemaName: 'remit',
    validateRequest: false,
  } as never
}
