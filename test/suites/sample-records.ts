import { NO_HISTORY } from '../../src/core/facts.ts'
import type { Approval } from '../../src/core/approval.ts'
import type { ApprovalDelivery } from '../../src/core/delivery.ts'
import type { Grant } from '../../src/core/grant.ts'
import type { Environment, Task } from '../../src/core/identity.ts'
import {
  DEFAULT_TENANT,
  type ApprovalId,
  type DecisionId,
  type Digest,
  type GrantId,
  type HumanId,
  type ServerKey,
  type TaskId,
  type TenantId,
} from '../../src/core/ids.ts'
import type { NewRecord } from '../../src/core/record.ts'
import type { ToolPin } from '../../src/core/tool-pin.ts'

export const AT = Date.UTC(2026, 10, 22, 12)

/** A decision as the gate would record it for a file write. */
export function decisionRecord(named: {
  id: string
  task: string
  tenant?: TenantId
  human?: string
}): NewRecord {
  const tenant = named.tenant ?? DEFAULT_TENANT
  return {
    envelope: {
      v: 1,
      kind: 'decision',
      id: named.id,
      tenant,
      at: new Date(AT).toISOString(),
      identity: {
        agent: { id: 'claude-code/1', kind: 'claude-code' },
        chain: [named.task],
        environment: { claimed: 'laptop' satisfies Environment, proved: false },
        human: named.human ?? 'ada',
        task: named.task,
        workflow: 'fix-tests',
      },
      correlation: { requestId: '17', client: 'claude-code/2.1', session: 'ses_1' },
      protection: 'advisory',
      call: { door: 'mcp', kind: 'tool', server: 'files', tool: 'write_file', definition: 'c'.repeat(64) },
      operations: [{ action: 'file.write', labels: ['source'], opaque: false, type: 'File' }],
      decision: {
        effect: 'allow',
        policies: ['workspace-writes'],
        errors: [],
        gates: [],
        observed: { effect: 'deny', policies: ['new-rule'] },
        policyHash: 'd'.repeat(64),
        micros: 180,
      },
    },
    detail: {
      intent: 'make the tests pass',
      operations: [
        {
          action: 'file.write',
          resource: {
            type: 'File',
            id: '/work/repo/src/a.ts',
            ancestors: [
              { type: 'Directory', id: '/work/repo/src' },
              { type: 'Repository', id: '/work/repo' },
            ],
          },
          labels: ['source'],
          opaque: false,
          origin: { pointer: '/path' },
        },
      ],
      reasons: [{ policy: 'workspace-writes', text: 'the workflow may write source', operation: 0 }],
      facts: {
        now: AT,
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
        budgetExhausted: false,
        history: { ...NO_HISTORY, calls: 3, writes: 1, labels: ['source'] },
        loop: 'none',
        provenance: [],
        approvals: [],
        outside: [[]],
      },
      human: { teams: ['payments'], roles: ['developer'] },
    },
    payload: { arguments: { path: 'src/a.ts', content: 'export const a = 1\n'.repeat(8) } },
  }
}

/** The outcome of that decision. */
export function outcomeRecord(named: { id: string; task: string }): NewRecord {
  const { envelope } = decisionRecord(named)
  const { identity, correlation, protection, tenant, at } = envelope
  return {
    envelope: {
      v: 1,
      kind: 'outcome',
      id: named.id,
      tenant,
      at,
      protection,
      ...(identity && { identity }),
      ...(correlation && { correlation }),
      outcome: { status: 'ok', micros: 900, bytes: 120 },
    },
    payload: { result: { content: [{ type: 'text', text: 'written' }] } },
  }
}

export function sampleTask(id: string, more: Partial<Task> = {}): Task {
  return {
    tenant: DEFAULT_TENANT,
    id: id as TaskId,
    human: 'ada' as HumanId,
    agent: { id: 'claude-code/1', kind: 'claude-code' },
    workflow: 'fix-tests',
    intent: 'make the tests pass',
    scope: { paths: ['/work/repo/**'] },
    environment: 'laptop',
    environmentProved: false,
    budget: { calls: 100 },
    origin: 'stored-credential',
    created: AT,
    expires: AT + 3_600_000,
    ...more,
  }
}

export function sampleApproval(id: string, more: Partial<Approval> = {}): Approval {
  return {
    tenant: DEFAULT_TENANT,
    id: id as ApprovalId,
    task: 'tsk_1' as TaskId,
    human: 'ada' as HumanId,
    server: 'git' as ServerKey,
    tool: 'push',
    call: 'e'.repeat(64) as Digest,
    decision: 'dec_1' as DecisionId,
    gates: [
      { scope: 'release', quorum: 1, severity: 'high', timeout: 900, policy: 'release', reason: 'it ships' },
    ],
    prompt: 'push to main',
    state: 'pending',
    votes: [],
    created: AT,
    expires: AT + 900_000,
    ...more,
  }
}

export function samplePin(more: Partial<ToolPin> & Pick<ToolPin, 'name' | 'revision'>): ToolPin {
  const seen = {
    digest: 'f'.repeat(64) as Digest,
    definition: { name: more.name, description: 'it reads ‘files’' },
    flags: [],
    seen: AT,
  }
  return {
    tenant: DEFAULT_TENANT,
    server: 'git' as ServerKey,
    firstSeen: AT,
    trusted: { ...seen, by: 'first-use', at: AT },
    ...more,
  }
}

export function sampleGrant(id: string, more: Partial<Grant> = {}): Grant {
  return {
    tenant: DEFAULT_TENANT,
    id: id as GrantId,
    task: 'tsk_1' as TaskId,
    human: 'ada' as HumanId,
    server: 'shell' as ServerKey,
    tool: 'run',
    covers: {
      digest: 'a'.repeat(64) as Digest,
      operations: [{ action: 'code.execute', resource: { type: 'Repository', id: '.' }, labels: [] }],
      arguments: { command: 'npm test' },
      notes: [],
    },
    gates: [
      {
        scope: 'run',
        grant: 'task',
        quorum: 1,
        severity: 'medium',
        timeout: 900,
        policy: 'run',
        reason: 'it runs code',
      },
    ],
    approval: 'apr_1' as ApprovalId,
    by: ['eve' as HumanId],
    created: AT,
    expires: AT + 3_600_000,
    uses: 0,
    ...more,
  }
}

export function sampleDelivery(id: string, more: Partial<ApprovalDelivery> = {}): ApprovalDelivery {
  return {
    tenant: DEFAULT_TENANT,
    id,
    channel: 'webhook:chat',
    event: 'approval.requested',
    approval: 'apr_1' as ApprovalId,
    state: 'pending',
    votes: 0,
    at: AT,
    due: AT,
    attempts: 0,
    revision: 1,
    ...more,
  }
}
