import { createHash, randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach } from 'vitest'
import { createClassifier } from '../../src/classify/create-classifier.ts'
import type { Approval } from '../../src/core/approval.ts'
import type { ConsentLimits } from '../../src/core/consent-limits.ts'
import { DEFAULT_TENANT, type Digest, type HumanId, type ServerKey } from '../../src/core/ids.ts'
import { RemitError } from '../../src/core/errors.ts'
import type { Showing } from '../../src/core/showing.ts'
import type { Human } from '../../src/core/identity.ts'
import { SILENT } from '../../src/core/log.ts'
import type { ToolCall } from '../../src/core/tool-call.ts'
import type { AdministrationDeps } from '../../src/gate/administration-deps.ts'
import type { Actor, Administration, TaskRequest } from '../../src/gate/administration.ts'
import { createAdministration } from '../../src/gate/create-administration.ts'
import { createGate } from '../../src/gate/create-gate.ts'
import { KnownCovers } from '../../src/gate/covers/known-covers.ts'
import { GateEvents } from '../../src/gate/gate-events.ts'
import type { Caller, Gate } from '../../src/gate/gate.ts'
import { PinBoard } from '../../src/gate/pins/pin-board.ts'
import { TRUST } from '../../src/gate/pins/trust.ts'
import { directoryOf } from '../../src/identity/human-directory.ts'
import { loadPolicySet } from '../../src/policy/load-policy-set.ts'
import type { PolicySet } from '../../src/policy/policy-set.ts'
import { createMemoryStore } from '../../src/store/memory/memory-store.ts'
import type { Store } from '../../src/store/store.ts'
import { createScanner, makeScannerKey } from '../../src/server/create-scanner.ts'
import { lookAtFiles } from '../../src/server/world/look-at-files.ts'
import { createLargeBodies, type LargeBodies } from '../../src/server/large/large-bodies.ts'
import { ROOT } from './running-gateway.ts'
import { parsedBefore } from './shared-caches.ts'

export const SERVER = 'filesystem' as ServerKey
export const DIGEST = 'd'.repeat(64) as Digest
export const NEVER = new AbortController().signal

export const alice = human('alice', ['member'])
export const mona = human('mona', ['maintainer'])
export const byAlice: Actor = { human: alice, credential: 'stored', reach: 'all' }
export const byMona: Actor = { human: mona, credential: 'approver', reach: 'all' }

function human(id: string, roles: readonly string[]): Human {
  return { tenant: DEFAULT_TENANT, id: id as HumanId, teams: [], roles }
}

/** A proof here is the thumbprint itself. */
function shownKey(proof: string | undefined, key: string | undefined): string {
  if (proof === undefined) throw new RemitError('proof_missing', 'no proof')
  if (key !== undefined && key !== proof) throw new RemitError('proof_invalid', 'another key')
  return proof
}

/** How the harness shows a key. */
export function showing(key: string): Showing {
  return { proof: key, method: 'POST', url: 'http://localhost/mcp', at: 'resource' }
}

/** A gate over the real policy pack, classifier and memory store, with a clock and a policy set to play with. */
export class GateHarness {
  readonly workspace = realpathSync(mkdtempSync(join(tmpdir(), 'remit-gate-')))
  readonly store: Store = createMemoryStore()
  readonly #key = makeScannerKey()
  readonly scanner = createScanner(this.#key)
  readonly large: LargeBodies = createLargeBodies(this.scanner, this.#key)
  readonly board: PinBoard
  /** Who is away, and who agrees for whom. */
  readonly covers: KnownCovers
  readonly deps: AdministrationDeps
  readonly gate: Gate
  readonly administration: Administration
  now = Date.UTC(2026, 10, 22, 10)
  pinned = true
  /** How servers are reached, as approvals hold it. */
  reached = 'stdio npx server@1.0.0'
  policies: PolicySet
  /** How much a tree of tasks may ask; undefined = nobody counts. */
  consentLimits: ConsentLimits | undefined
  /** Everybody who is enrolled, as they are now. */
  humans: readonly Human[] = [alice, mona]
  /** Enrolled, and known again when their provider says so. */
  away: readonly Human[] = []

  constructor(pack: PolicySet) {
    this.policies = pack
    mkdirSync(join(this.workspace, 'src'))
    writeFileSync(join(this.workspace, 'src', 'a.ts'), 'a')
    writeFileSync(join(this.workspace, '.env'), 'TOKEN=x')
    mkdirSync(join(this.workspace, '.github', 'workflows'), { recursive: true })
    this.board = this.#makeBoard()
    this.covers = this.otherCovers()
    this.deps = this.#makeDeps()
    this.gate = createGate(this.deps)
    this.administration = createAdministration(this.deps)
  }

  /** Who connects as `remit connect` does: with a key. */
  async callerOf(request: Partial<TaskRequest> = {}): Promise<Caller> {
    const { token } = await this.administration.createTask(byAlice, {
      workflow: 'fix-tests',
      intent: 'mend the tests',
      workspace: this.workspace,
      ...request,
    })
    return { ...(await this.gate.identify(token)), holderBound: true }
  }

  read(path: string): ToolCall {
    return this.call('read_text_file', { path: join(this.workspace, path) })
  }

  write(path: string, content = 'x'): ToolCall {
    return this.call('write_file', { path: join(this.workspace, path), content })
  }

  call(tool: string, args: ToolCall['arguments']): ToolCall {
    return {
      door: 'mcp',
      kind: 'tool',
      server: SERVER,
      tool,
      definition: { digest: DIGEST, name: tool },
      arguments: args,
      fileSystem: 'shared',
      root: this.workspace,
      correlation: { requestId: '1' },
    }
  }

  /** A shell command as the hook of an agent reports it. */
  command(command: string, more: ToolCall['arguments'] = {}): ToolCall {
    return {
      ...this.call('Bash', { command, ...more }),
      door: 'hook',
      server: 'claude-code' as ServerKey,
    }
  }

  async askedFor(caller: Caller, asked: ToolCall): Promise<Approval> {
    const verdict = await this.gate.authorize(caller, asked, NEVER)
    if (verdict.effect !== 'consent') throw new Error(`expected consent, got ${verdict.effect}`)
    return verdict.approval
  }

  /** As another replica over the same store knows them. */
  otherCovers(): KnownCovers {
    const clock = { now: () => this.now, micros: () => performance.now() * 1_000 }
    return new KnownCovers({ tenant: DEFAULT_TENANT, store: this.store.logins, clock })
  }

  /** Kinds of all records, oldest first. */
  async kinds(): Promise<readonly string[]> {
    const records = await this.store.records.query({ tenant: DEFAULT_TENANT, limit: 100 })
    return records.map((record) => record.envelope.kind).toReversed()
  }

  #makeBoard(): PinBoard {
    const deps = {
      settings: { tenant: DEFAULT_TENANT, protection: 'advisory' as const },
      store: this.store.pins,
      journal: this.store.journal,
      clock: { now: () => this.now, micros: () => performance.now() * 1_000 },
      entropy: { bytes: (size: number) => randomBytes(size) },
      trustOf: () => TRUST['first-use'],
      changed: () => this.deps.events.listChanged(),
      log: SILENT,
    }
    return new PinBoard(deps, [])
  }

  #makeDeps(): AdministrationDeps {
    const { store, workspace, scanner, large } = this
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
      proofs: { check: ({ proof }, { key }) => shownKey(proof, key) },
      tasks: store.tasks,
      approvals: store.approvals,
      grants: store.grants,
      journal: store.journal,
      records: store.records,
      search: store.search,
      humans: {
        find: (tenant, id) => directoryOf(this.humans).find(tenant, id),
        list: (tenant) => directoryOf(this.humans).list(tenant),
        enrolled: () => [...this.humans, ...this.away].map(({ id }) => id),
        catchUp: (revision) => this.covers.catchUp(revision),
      },
      covers: this.covers,
      policies: { current: () => this.policies },
      consentLimits: () => this.consentLimits,
      scanner,
      world: { files: lookAtFiles, server: () => this.reached },
      large,
      classifier: createClassifier({
        scanner,
        servers: new Map([[SERVER, { catalogue: 'filesystem' }]]),
        control: { folders: [join(workspace, '.remit')], files: [], ports: [] },
        agents: 'shipped',
      }),
      credentials: { credentialsFor: async () => ({ headers: {} }) },
      pins: { isPinned: () => this.pinned, see: async () => {} },
      reviews: this.board,
      clock: { now: () => this.now, micros: () => performance.now() * 1_000 },
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
}

/** A fresh harness for every test of the file: read it through the function, since it changes. */
export function useGate(): () => GateHarness {
  let pack: PolicySet
  let harness: GateHarness
  beforeAll(async () => {
    pack = await loadPolicySet({
      folders: [join(ROOT, 'policies', 'coding-agent')],
      schemaFile: join(ROOT, 'policies', 'remit.cedarschema'),
      ...parsedBefore(),
    })
  })
  beforeEach(() => {
    harness = new GateHarness(pack)
  })
  afterEach(async () => {
    rmSync(harness.workspace, { recursive: true })
    await harness.large.close()
  })
  return () => harness
}
