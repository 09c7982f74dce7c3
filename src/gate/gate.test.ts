import { createHash, randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Approval } from '../core/approval.ts'
import { RemitError } from '../core/errors.ts'
import { DEFAULT_TENANT, type Digest, type HumanId, type ServerKey } from '../core/ids.ts'
import type { Human } from '../core/identity.ts'
import { SILENT } from '../core/log.ts'
import type { ToolCall } from '../core/tool-call.ts'
import { createClassifier } from '../classify/create-classifier.ts'
import { directoryOf } from '../identity/human-directory.ts'
import { loadPolicySet } from '../policy/load-policy-set.ts'
import type { PolicySet } from '../policy/policy-set.ts'
import { createMemoryStore } from '../store/memory/memory-store.ts'
import type { Store } from '../store/store.ts'
import type { Actor, Administration, TaskRequest } from './administration.ts'
import type { AdministrationDeps } from './administration-deps.ts'
import { createAdministration } from './create-administration.ts'
import { createGate } from './create-gate.ts'
import { GateEvents } from './gate-events.ts'
import type { Caller, Gate, Verdict } from './gate.ts'

const POLICIES = fileURLToPath(new URL('../../policies/', import.meta.url))
const SERVER = 'filesystem' as ServerKey
const DIGEST = 'd'.repeat(64) as Digest
const NEVER = new AbortController().signal

const alice = human('alice', ['member'])
const mona = human('mona', ['maintainer'])

function human(id: string, roles: readonly string[]): Human {
  return { tenant: DEFAULT_TENANT, id: id as HumanId, teams: [], roles }
}

const byAlice: Actor = { human: alice, credential: 'stored' }
const byMona: Actor = { human: mona, credential: 'approver' }

let pack: PolicySet
beforeAll(async () => {
  pack = await loadPolicySet({
    folders: [join(POLICIES, 'coding-agent')],
    schemaFile: join(POLICIES, 'remit.cedarschema'),
  })
})

let workspace: string
let now: number
let policies: PolicySet
let store: Store
let deps: AdministrationDeps
let gate: Gate
let administration: Administration
let pinned: boolean

beforeEach(() => {
  workspace = realpathSync(mkdtempSync(join(tmpdir(), 'remit-gate-')))
  mkdirSync(join(workspace, 'src'))
  writeFileSync(join(workspace, 'src', 'a.ts'), 'a')
  writeFileSync(join(workspace, '.env'), 'TOKEN=x')
  mkdirSync(join(workspace, '.github', 'workflows'), { recursive: true })
  now = Date.UTC(2026, 10, 22, 10)
  policies = pack
  pinned = true
  store = createMemoryStore()
  deps = makeDeps()
  gate = createGate(deps)
  administration = createAdministration(deps)
})

afterEach(() => rmSync(workspace, { recursive: true }))

function makeDeps(): AdministrationDeps {
  return {
    settings: {
      tenant: DEFAULT_TENANT,
      adminUrl: 'http://localhost:7411',
      consentLifetime: 600_000,
      protection: 'advisory',
    },
    verifier: {
      verify: (token) => JSON.parse(token ?? '') as ReturnType<AdministrationDeps['verifier']['verify']>,
    },
    tasks: store.tasks,
    approvals: store.approvals,
    journal: store.journal,
    records: store.records,
    humans: directoryOf([alice, mona]),
    policies: { current: () => policies },
    classifier: createClassifier({
      servers: new Map([[SERVER, { catalogue: 'filesystem' }]]),
      control: { folders: [join(workspace, '.remit')], files: [], ports: [] },
    }),
    credentials: { credentialsFor: async () => ({ headers: {} }) },
    pins: { isPinned: () => pinned },
    clock: { now: () => now, micros: () => performance.now() * 1_000 },
    entropy: { bytes: (size) => randomBytes(size) },
    sha256: (text) => createHash('sha256').update(text).digest('hex') as Digest,
    events: new GateEvents(),
    observer: { decided: () => {}, settled: () => {} },
    log: SILENT,
    workflows: new Map([
      [
        'fix-tests',
        {
          scope: {},
          environment: 'laptop',
          lifetime: 3_600_000,
          maxLifetime: 7_200_000,
          budget: {},
        },
      ],
    ]),
    mintToken: async ({ task }) =>
      JSON.stringify({ tenant: task.tenant, task: task.id, human: task.human, expires: task.expires }),
    mcpUrl: 'http://127.0.0.1:7410/mcp',
  }
}

async function callerOf(request: Partial<TaskRequest> = {}): Promise<Caller> {
  const { token } = await administration.createTask(byAlice, {
    workflow: 'fix-tests',
    intent: 'mend the tests',
    workspace,
    ...request,
  })
  return gate.identify(token)
}

function read(path: string): ToolCall {
  return call('read_text_file', { path: join(workspace, path) })
}

function write(path: string, content = 'x'): ToolCall {
  return call('write_file', { path: join(workspace, path), content })
}

function call(tool: string, args: ToolCall['arguments']): ToolCall {
  return {
    door: 'mcp',
    kind: 'tool',
    server: SERVER,
    tool,
    definition: { digest: DIGEST, name: tool },
    arguments: args,
    fileSystem: 'shared',
    root: workspace,
    correlation: { requestId: '1' },
  }
}

const CI = '.github/workflows/release.yml'

async function askedFor(caller: Caller, asked: ToolCall): Promise<Approval> {
  const verdict = await gate.authorize(caller, asked, NEVER)
  if (verdict.effect !== 'consent') throw new Error(`expected consent, got ${verdict.effect}`)
  return verdict.approval
}

async function kinds(): Promise<readonly string[]> {
  const records = await store.records.query({ tenant: DEFAULT_TENANT, limit: 100 })
  return records.map((record) => record.envelope.kind).toReversed()
}

describe('deciding', () => {
  test('R-POL-1 R-AUD-1: an allowed call and its outcome are recorded with who, what and why', async () => {
    const caller = await callerOf()
    const verdict = await gate.authorize(caller, read('src/a.ts'), NEVER)
    expect(verdict.effect).toBe('allow')
    await gate.settle(verdict.decisionId, {
      status: 'ok',
      micros: 5,
      bytes: 10,
      result: { content: [{ type: 'text', text: 'a' }] },
    })
    const [outcome, decision] = await store.records.query({ tenant: DEFAULT_TENANT, limit: 2 })
    expect(decision).toMatchObject({
      envelope: {
        kind: 'decision',
        id: verdict.decisionId,
        protection: 'advisory',
        identity: {
          human: 'alice',
          task: caller.chain.task.id,
          chain: [caller.chain.task.id],
          workflow: 'fix-tests',
          environment: { claimed: 'laptop', proved: false },
        },
        call: { door: 'mcp', server: 'filesystem', tool: 'read_text_file' },
        decision: { effect: 'allow', policyHash: pack.hash },
      },
      detail: {
        intent: 'mend the tests',
        operations: [{ action: 'tool.call' }, { action: 'file.read', resource: { id: 'src/a.ts' } }],
        human: { roles: ['member'] },
      },
      payload: { arguments: { path: join(workspace, 'src/a.ts') } },
    })
    expect(outcome).toMatchObject({
      envelope: { kind: 'outcome', id: verdict.decisionId, outcome: { status: 'ok' } },
      payload: { result: { content: [{ text: 'a' }] } },
    })
  })

  test('R-POL-2: a secret is denied with words on which the agent can act', async () => {
    const verdict = await gate.authorize(await callerOf(), read('.env'), NEVER)
    expect(verdict.effect).toBe('deny')
    const message = verdict.effect === 'deny' ? verdict.error.message : ''
    expect(message).toContain('denied:')
    expect(message).toContain('rule `')
  })

  test('R-POL-4: a policy engine that fails denies, and the error is on record', async () => {
    policies = {
      ...pack,
      decide: () => {
        throw new Error('broken')
      },
    }
    const verdict = await gate.authorize(await callerOf(), read('src/a.ts'), NEVER)
    expect(verdict).toMatchObject({ effect: 'deny', decision: { errors: [{ message: 'broken' }] } })
    expect(await kinds()).toEqual(['task.created', 'decision'])
  })

  test('R-AUD-2: nothing is allowed when the record cannot be written', async () => {
    const caller = await callerOf()
    const broken = createGate({
      ...deps,
      journal: { commit: () => Promise.reject(new RemitError('ledger_unavailable', 'the disk is full')) },
    })
    await expect(broken.authorize(caller, read('src/a.ts'), NEVER)).rejects.toMatchObject({
      code: 'ledger_unavailable',
    })
  })

  test('R-SEC-1: remit-control is denied whatever the scope says', async () => {
    const caller = await callerOf({ scope: { paths: ['**'] } })
    const verdict = await gate.authorize(caller, write('.remit/keys/task.pem'), NEVER)
    expect(verdict).toMatchObject({ effect: 'deny' })
    expect(verdict.decision.policies).toContain('remit:control')
  })

  test('R-ID-2: what lies outside the scope of the task is denied, and the reason says so', async () => {
    const caller = await callerOf({ scope: { paths: ['docs/**'] } })
    const verdict = await gate.authorize(caller, read('src/a.ts'), NEVER)
    expect(verdict).toMatchObject({ effect: 'deny', decision: { policies: ['remit:scope'] } })
  })

  test('R-ID-2: a spent budget denies', async () => {
    const caller = await callerOf({ budget: { calls: 1 } })
    const first = await gate.authorize(caller, read('src/a.ts'), NEVER)
    const second = await gate.authorize(caller, read('src/a.ts'), NEVER)
    expect([first.effect, second.effect]).toEqual(['allow', 'deny'])
  })

  test('R-SEC-1: a tool whose definition changed since it was pinned is denied', async () => {
    const caller = await callerOf()
    pinned = false
    const verdict = await gate.authorize(caller, read('src/a.ts'), NEVER)
    expect(verdict.effect).toBe('deny')
  })

  test('R-AUD-1: a second outcome of one decision is not recorded', async () => {
    const verdict = await gate.authorize(await callerOf(), read('src/a.ts'), NEVER)
    const outcome = { status: 'ok', micros: 1, bytes: 1 } as const
    await gate.settle(verdict.decisionId, outcome)
    await gate.settle(verdict.decisionId, outcome)
    expect(await kinds()).toEqual(['task.created', 'decision', 'outcome'])
  })

  test('R-REL-1: a credential that cannot be had ends the call with an error on record', async () => {
    const caller = await callerOf()
    const without = createGate({
      ...deps,
      credentials: {
        credentialsFor: () => Promise.reject(new RemitError('upstream_unavailable', 'no credential')),
      },
    })
    await expect(without.authorize(caller, read('src/a.ts'), NEVER)).rejects.toThrow('no credential')
    const [outcome] = await store.records.query({ tenant: DEFAULT_TENANT, kind: 'outcome' })
    expect(outcome?.envelope.outcome?.status).toBe('error')
  })
})

describe('identity', () => {
  test('R-ID-3: a revoked task is refused, also for a call that was held meanwhile', async () => {
    const caller = await callerOf()
    await administration.revokeTask(byAlice, caller.chain.task.id, 'done')
    const token = await deps.mintToken(caller.chain)
    await expect(gate.identify(token)).rejects.toMatchObject({ code: 'task_revoked' })
    now += 60_000
    const held = await gate.authorize(caller, read('src/a.ts'), NEVER)
    expect(held).toMatchObject({ effect: 'deny' })
  })

  test('R-ID-1: an expired task, and a token of another tenant or human, are refused', async () => {
    const { chain } = await callerOf()
    const claims = JSON.parse(await deps.mintToken(chain)) as Record<string, unknown>
    const presented = (change: object): Promise<Caller> =>
      gate.identify(JSON.stringify({ ...claims, ...change }))
    await expect(presented({ tenant: 'other' })).rejects.toMatchObject({ code: 'task_unknown' })
    await expect(presented({ human: 'mona' })).rejects.toMatchObject({ code: 'task_unknown' })
    now += 2 * 3_600_000
    await expect(presented({})).rejects.toMatchObject({ code: 'task_expired' })
  })

  test('R-MCP-2: a list holds only what the task may ever use, and the filtering is recorded', async () => {
    const caller = await callerOf({ scope: { tools: ['filesystem__read_*'] } })
    const tools = ['read_text_file', 'write_file'].map((name) => ({
      server: SERVER,
      definition: { digest: DIGEST, name },
    }))
    const shown = await gate.visible(caller, tools, { requestId: '1' })
    expect(shown.map((tool) => tool.definition.name)).toEqual(['read_text_file'])
    const [listed] = await store.records.query({ tenant: DEFAULT_TENANT, kind: 'list' })
    expect(listed).toMatchObject({
      envelope: { data: { shown: 1, hidden: 1 } },
      detail: { data: { hidden: ['filesystem/write_file'] } },
    })
  })
})

describe('consent', () => {
  test('R-CON-3: after a maintainer agreed, of many racing retries exactly one runs', async () => {
    const caller = await callerOf()
    const { id } = await askedFor(caller, write(CI))
    await administration.approve(byMona, id, {})
    const verdicts = await Promise.all(
      Array.from({ length: 20 }, () => gate.authorize(caller, write(CI), NEVER)),
    )
    const effects = verdicts.map((verdict) => verdict.effect).toSorted()
    expect(effects.filter((effect) => effect === 'allow')).toHaveLength(1)
    expect(effects.filter((effect) => effect === 'consent')).toHaveLength(19)
    expect((await store.approvals.get(DEFAULT_TENANT, id))?.state).toBe('used')
  })

  test('R-CON-3: retries of a waiting call attach to one request; other arguments open another', async () => {
    const caller = await callerOf()
    const first = await askedFor(caller, write(CI))
    expect((await askedFor(caller, write(CI))).id).toBe(first.id)
    expect((await askedFor(caller, write(CI, 'other'))).id).not.toBe(first.id)
    expect((await askedFor(await callerOf(), write(CI))).id).not.toBe(first.id)
  })

  test('R-CON-3: another policy set voids a grant', async () => {
    const caller = await callerOf()
    const { id } = await askedFor(caller, write(CI))
    await administration.approve(byMona, id, {})
    policies = { ...pack, hash: 'another' }
    expect((await askedFor(caller, write(CI))).id).not.toBe(id)
  })

  test('R-CON-2: the delegator without the role, and the stored credential, may not approve', async () => {
    const { id } = await askedFor(await callerOf(), write(CI))
    const asAlice: Actor = { human: alice, credential: 'approver' }
    await expect(administration.approve(asAlice, id, {})).rejects.toMatchObject({ code: 'approver_refused' })
    const stored: Actor = { human: mona, credential: 'stored' }
    await expect(administration.approve(stored, id, {})).rejects.toMatchObject({ code: 'role_missing' })
    const elsewhere: Actor = { ...byMona, onlyTask: 'tsk_other' as NonNullable<Actor['onlyTask']> }
    await expect(administration.approve(elsewhere, id, {})).rejects.toMatchObject({
      code: 'approval_unknown',
    })
    expect((await store.approvals.get(DEFAULT_TENANT, id))?.state).toBe('pending')
  })

  test('R-CON-2: a refusal denies the same call from then on, with its reason', async () => {
    const caller = await callerOf()
    const { id } = await askedFor(caller, write(CI))
    await administration.refuse(byMona, id, 'not now')
    const verdict = await gate.authorize(caller, write(CI), NEVER)
    expect(verdict.effect).toBe('deny')
    expect((verdict as Extract<Verdict, { effect: 'deny' }>).error).toMatchObject({
      code: 'approval_refused',
      message: expect.stringContaining('not now') as string,
    })
  })

  test('R-CON-3: a request and a grant run out to nothing, and asking again opens a new one', async () => {
    const caller = await callerOf()
    const waiting = await askedFor(caller, write(CI))
    now = waiting.expires
    const second = await askedFor(caller, write(CI))
    expect(second.id).not.toBe(waiting.id)
    await administration.approve(byMona, second.id, {})
    now = second.expires
    const third = await askedFor(caller, write(CI))
    expect(third.id).not.toBe(second.id)
    expect(await kinds()).toEqual(expect.arrayContaining(['approval.expired']))
    expect((await store.approvals.get(DEFAULT_TENANT, second.id))?.state).toBe('expired')
  })

  test('R-CON-4: whoever waits for an approval is told as soon as it is decided', async () => {
    const caller = await callerOf()
    const { id } = await askedFor(caller, write(CI))
    const waiting = gate.awaitApproval(caller, id, { timeout: 20_000, signal: NEVER })
    await administration.approve(byMona, id, {})
    expect((await waiting).state).toBe('granted')
  })

  test('R-CON-4: waiting ends pending when the caller goes away', async () => {
    const caller = await callerOf()
    const { id } = await askedFor(caller, write(CI))
    const gone = new AbortController()
    const waiting = gate.awaitApproval(caller, id, { timeout: 20_000, signal: gone.signal })
    gone.abort()
    expect((await waiting).state).toBe('pending')
    await expect(
      gate.awaitApproval(await callerOf(), id, { timeout: 1, signal: NEVER }),
    ).rejects.toMatchObject({ code: 'approval_unknown' })
  })

  test('R-AUD-1: the life of an approval is on record, with who and what they saw', async () => {
    const caller = await callerOf()
    const { id } = await askedFor(caller, write(CI))
    await administration.viewApproval(byMona, id)
    await administration.approve(byMona, id, { comment: 'fine' })
    await gate.authorize(caller, write(CI), NEVER)
    expect(await kinds()).toEqual([
      'task.created',
      'approval.requested',
      'decision',
      'approval.viewed',
      'approval.granted',
      'decision',
    ])
    const records = await store.records.query({ tenant: DEFAULT_TENANT, id })
    const requested = records.find((record) => record.envelope.kind === 'approval.requested')
    expect(requested?.detail?.prompt).toContain('mend the tests')
    const granted = records.find((record) => record.envelope.kind === 'approval.granted')
    expect(granted).toMatchObject({
      envelope: { actor: 'mona', approval: { approvers: ['mona'] } },
      detail: { comment: 'fine' },
    })
  })
})

test('R-CON-1: a watcher hears of a new request and of its end', async () => {
  const signal = NEVER
  const caller = await callerOf()
  const start = await administration.watchApprovals(byMona, { since: 0, timeout: 1, signal })
  const next = administration.watchApprovals(byMona, { since: start.cursor, timeout: 20_000, signal })
  const { id } = await askedFor(caller, write(CI))
  expect((await next).approvals.map((approval) => approval.id)).toEqual([id])
})
