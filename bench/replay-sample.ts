import { DEFAULT_TENANT, type HumanId, type TaskId } from '../src/core/ids.ts'
import { NO_HISTORY } from '../src/core/facts.ts'
import type { Task } from '../src/core/identity.ts'
import type { Operation } from '../src/core/operation.ts'
import { RECORD_VERSION, type NewRecord } from '../src/core/record.ts'

const START = Date.UTC(2026, 0, 5, 8)
const TASKS = 500
const CALLS = [
  ['read_text_file', 'file.read', 'File', 'source', 60],
  ['list_directory', 'file.list', 'Directory', 'source', 10],
  ['write_file', 'file.write', 'File', 'source', 20],
  ['write_file', 'file.write', 'File', 'ci', 3],
  ['read_text_file', 'file.read', 'File', 'secret', 2],
  ['Bash', 'code.execute', 'Program', undefined, 5],
] as const

export const SAMPLE_TASKS: readonly Task[] = Array.from({ length: TASKS }, (_, index) => ({
  tenant: DEFAULT_TENANT,
  id: `tsk_${String(index).padStart(22, '0')}` as TaskId,
  human: `dev${index % 40}` as HumanId,
  agent: { id: 'claude', kind: 'claude-code' },
  workflow: ['fix-tests', 'review', 'docs'][index % 3] ?? 'docs',
  intent: `mend number ${index} of the tests that fail since yesterday`,
  scope: {},
  environment: 'laptop',
  environmentProved: false,
  budget: {},
  origin: 'human-session',
  created: START,
  expires: START + 1e9,
}))

let seed = 11
function below(many: number): number {
  seed = (seed * 48_271) % 2_147_483_647
  return seed % many
}

/** Record number `index` of a week: a decision, then its outcome, over 500 tasks that work on 400 files each. */
export function decisionSample(index: number): NewRecord {
  const task = SAMPLE_TASKS[below(TASKS)]!
  const at = START + Math.floor(index / 2) * 600
  const call = pick()
  const [tool, action, type, label] = call
  const name = type === 'Program' ? 'npm' : `src/part${below(20)}/file${below(20)}.ts`
  const id = `dec_${String(index).padStart(22, '0')}`
  const common = {
    v: RECORD_VERSION,
    id,
    tenant: DEFAULT_TENANT,
    at: new Date(at).toISOString(),
    identity: {
      agent: task.agent,
      chain: [task.id],
      environment: { claimed: 'laptop', proved: false },
      human: task.human,
      task: task.id,
      workflow: task.workflow,
    },
    correlation: { requestId: String(index), session: 'f'.repeat(32) },
    protection: 'advisory',
    call: { door: 'mcp', kind: 'tool', server: 'filesystem', tool, definition: 'd'.repeat(64) },
  } as const
  if (index % 2 === 1) {
    const outcome = { status: 'ok', micros: 800, bytes: 1_200 } as const
    return {
      envelope: { ...common, kind: 'outcome', outcome },
      payload: { result: { content: [{ type: 'text', text: 'x'.repeat(400) }] } },
    }
  }
  const operations: Operation[] = [
    operation(
      'tool.call',
      { type: 'Tool', id: `filesystem/${tool}`, ancestors: [{ type: 'Server', id: 'filesystem' }] },
      [],
    ),
    operation(
      action,
      { type, id: name, ancestors: type === 'File' ? folders(name) : [] },
      label === undefined ? [] : [label],
    ),
  ]
  return {
    envelope: {
      ...common,
      kind: 'decision',
      operations: operations.map(({ action: of, labels, opaque, resource }) => ({
        action: of,
        labels,
        opaque,
        type: resource.type,
      })),
      decision: {
        effect: label === 'secret' ? 'deny' : 'allow',
        policies: label === 'secret' ? ['secrets'] : ['call-tools', 'read-files'],
        errors: [],
        gates: [],
        policyHash: 'e'.repeat(64),
        micros: 200,
      },
    },
    detail: {
      intent: task.intent,
      operations,
      reasons: [
        { policy: 'call-tools', text: 'tools may be called', operation: 0 },
        { policy: 'read-files', text: 'files of the workspace may be read', operation: 1 },
      ],
      errors: [],
      facts: {
        now: at,
        door: 'mcp',
        kind: 'tool',
        server: 'filesystem',
        tool,
        pinned: true,
        inferred: false,
        protection: 'advisory',
        environment: 'laptop',
        sandboxed: false,
        holderBound: true,
        hooked: false,
        taskState: 'active',
        budgetExhausted: false,
        loop: 'none',
        history: { ...NO_HISTORY, calls: index % 900, labels: ['source'] },
        provenance: [],
        approvals: [],
        outside: [[], []],
      },
      human: { teams: ['web'], roles: ['member'] },
    },
    payload: { arguments: { path: `/home/dev/work/${name}` } },
  }
}

function pick(): (typeof CALLS)[number] {
  let chance = below(100)
  for (const call of CALLS) {
    chance -= call[4]
    if (chance < 0) return call
  }
  return CALLS[0]
}

function operation(
  action: Operation['action'],
  resource: Operation['resource'],
  labels: Operation['labels'],
): Operation {
  return { action, resource, labels, opaque: false, origin: { pointer: '/path' } }
}

function folders(name: string): Operation['resource']['ancestors'] {
  const parts = name.split('/').slice(0, -1)
  return parts.map((_, index) => ({ type: 'Directory', id: parts.slice(0, index + 1).join('/') }))
}
