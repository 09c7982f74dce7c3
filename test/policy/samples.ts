import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Approval } from '../../src/core/approval.ts'
import type { Action } from '../../src/core/actions.ts'
import type { Gate } from '../../src/core/decision.ts'
import { NO_HISTORY, type Facts } from '../../src/core/facts.ts'
import { DEFAULT_TENANT } from '../../src/core/ids.ts'
import type { Human, Task, TaskChain } from '../../src/core/identity.ts'
import type { Label } from '../../src/core/labels.ts'
import type { Operation } from '../../src/core/operation.ts'
import type { Resource } from '../../src/core/resource.ts'
import { loadPolicySet } from '../../src/policy/load-policy-set.ts'
import type { DecisionRequest, LoadedPolicySet, VisibilityRequest } from '../../src/policy/policy-set.ts'
import { parsedBefore } from '../support/shared-caches.ts'

export const SCHEMA_FILE = fileURLToPath(new URL('../../policies/remit.cedarschema', import.meta.url))
export const PACK = fileURLToPath(new URL('../../policies/coding-agent', import.meta.url))

export async function packFolder(text: string): Promise<string> {
  // One name for all: it is part of what a text that was parsed before is known by.
  const folder = join(await mkdtemp(join(tmpdir(), 'remit-policy-')), 'pack')
  await mkdir(folder)
  await writeFile(join(folder, 'pack.cedar'), text)
  return folder
}

export async function setOf(text: string): Promise<LoadedPolicySet> {
  return loadPolicySet({ folders: [await packFolder(text)], schemaFile: SCHEMA_FILE, ...parsedBefore() })
}

export const ADA = {
  tenant: DEFAULT_TENANT,
  id: 'ada',
  teams: ['payments'],
  roles: ['developer'],
} as unknown as Human

export function task(over: Partial<Record<keyof Task, unknown>> = {}): Task {
  return {
    tenant: DEFAULT_TENANT,
    id: 'tsk_1',
    human: 'ada',
    agent: { id: 'claude-1', kind: 'claude-code' },
    workflow: 'fix-tests',
    intent: 'fix the failing test',
    scope: {},
    environment: 'laptop',
    environmentProved: false,
    budget: {},
    origin: 'human-session',
    created: 0,
    expires: 1,
    ...over,
  } as unknown as Task
}

export function chain(...tasks: readonly Task[]): TaskChain {
  const [first = task(), ...ancestors] = tasks
  return { task: first, ancestors }
}

export function operation(
  action: Action,
  resource: Partial<Resource> & { readonly id: string },
  over: Partial<Pick<Operation, 'labels' | 'opaque'>> = {},
): Operation {
  return {
    action,
    resource: { type: 'File', ancestors: [], ...resource },
    labels: [],
    opaque: false,
    origin: { pointer: '' },
    ...over,
  }
}

export const FACTS: Omit<Facts, 'outside'> = {
  now: Date.UTC(2026, 10, 22, 10),
  door: 'mcp',
  kind: 'tool',
  server: 'files',
  tool: 'read_file',
  pinned: true,
  inferred: false,
  protection: 'advisory',
  environment: 'laptop',
  sandboxed: false,
  holderBound: true,
  hooked: false,
  taskState: 'active',
  loop: 'none',
  budgetExhausted: false,
  history: NO_HISTORY,
  provenance: [],
  approvals: [],
}

export function request(
  operations: readonly Operation[],
  over: { readonly facts?: Partial<Facts>; readonly chain?: TaskChain; readonly human?: Human } = {},
): DecisionRequest {
  return {
    chain: over.chain ?? chain(),
    human: over.human ?? ADA,
    operations,
    facts: { ...FACTS, outside: operations.map(() => []), ...over.facts },
  }
}

export function readFile(id = 'src/a.ts', labels: readonly Label[] = ['source']): Operation {
  return operation('file.read', { id }, { labels })
}

export function visibility(
  actions: readonly Action[],
  over: Partial<VisibilityRequest['facts']> = {},
): VisibilityRequest {
  const { approvals: _approvals, server, tool, ...facts } = FACTS
  return { chain: chain(), human: ADA, server, tool, actions, facts: { ...facts, ...over } }
}

export function approval(gates: readonly Partial<Gate>[], human = 'ada'): Approval {
  return {
    tenant: DEFAULT_TENANT,
    id: 'apr_1',
    task: 'tsk_1',
    human,
    server: 'files',
    tool: 'write_file',
    gates: gates.map((gate) => ({ scope: 'x', quorum: 1, severity: 'medium', timeout: 60, ...gate })),
  } as unknown as Approval
}
