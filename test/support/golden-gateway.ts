import { NOTHING_STOPPED } from '../../src/core/standing.ts'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Action } from '../../src/core/actions.ts'
import { createClassifier } from '../../src/classify/create-classifier.ts'
import type { StoredRecord } from '../../src/audit/record-reader.ts'
import type { Decision } from '../../src/core/decision.ts'
import { asRemitError } from '../../src/core/errors.ts'
import { DEFAULT_TENANT, type ServerKey, type TaskId } from '../../src/core/ids.ts'
import type { AdministrationDeps } from '../../src/gate/administration-deps.ts'
import type { Administration } from '../../src/gate/administration.ts'
import { createAdministration } from '../../src/gate/create-administration.ts'
import { createGate } from '../../src/gate/create-gate.ts'
import type { Caller, Gate } from '../../src/gate/gate.ts'
import { loadChain } from '../../src/identity/task-chain.ts'
import { makeTask } from '../../src/identity/make-task.ts'
import { loadPolicySet } from '../../src/policy/load-policy-set.ts'
import type { PolicySet } from '../../src/policy/policy-set.ts'
import { byAlice, byMona, DIGEST, GateHarness, NEVER, SERVER } from './gate-harness.ts'
import type { GoldenCase, GoldenStep } from './golden-case.ts'
import { rawCall } from './raw-call.ts'
import { ROOT } from './running-gateway.ts'
import { ScriptedUpstream } from './scripted-upstream.ts'
import { createScanner } from '../../src/server/create-scanner.ts'
import { startTestDoor, type TestDoor } from './test-door.ts'
import { parsedBefore } from './shared-caches.ts'

/** What a case came to: how the caller was answered, and the last decision on record. */
export interface Played {
  readonly effect: 'allow' | 'consent' | 'deny'
  /** In words, as the agent reads it; empty when the call went through. */
  readonly said: string
  /** Whether the server was reached. */
  readonly forwarded: boolean
  readonly record: StoredRecord | undefined
}

/** One way to make a call: through the gate itself, or as an MCP client. */
interface Way {
  call(call: GoldenCase['call']): Promise<Omit<Played, 'record'>>
}

const ROOT_FOLDER = '/workspace/'
/** Servers beside the file system: what an administrator described, and one that nobody did. */
const OPS: Readonly<
  Record<
    string,
    { readonly actions: readonly [Action]; readonly arguments?: Readonly<Record<string, string>> }
  >
> = {
  run_tests: { actions: ['code.execute'] },
  pay: { actions: ['money.send'] },
  read_issue: { actions: ['issue.read'] },
  merge: { actions: ['pr.merge'] },
  run_command: { actions: ['shell.execute'], arguments: { command: 'command' } },
}
const TOOLS: Readonly<Record<string, readonly string[]>> = {
  filesystem: ['read_text_file', 'write_file', 'list_directory', 'move_file', 'read_multiple_files'],
  ops: Object.keys(OPS),
  stranger: ['frobnicate'],
}

/** One gate over a real workspace, classifier and packs, and a real MCP door in front of it. */
export class GoldenGateway {
  readonly #harness: GateHarness
  readonly #deps: AdministrationDeps
  readonly #gate: Gate
  readonly #administration: Administration
  readonly #packs: ReadonlyMap<string, PolicySet>
  readonly #upstreams = Object.entries(TOOLS).map(([key, names]) => {
    const upstream = new ScriptedUpstream(key, 'modern')
    upstream.tools = names.map((name) => ({ name, inputSchema: { type: 'object' } }))
    return upstream
  })
  #proved: GoldenCase['proved']
  #door: TestDoor | undefined

  private constructor(packs: ReadonlyMap<string, PolicySet>, first: PolicySet) {
    this.#packs = packs
    this.#harness = new GateHarness(first)
    const { workspace, deps } = this.#harness
    layOut(workspace)
    const scanner = createScanner()
    this.#deps = {
      ...deps,
      scanner,
      classifier: createClassifier({
        scanner,
        servers: new Map([
          [SERVER, { catalogue: 'filesystem' }],
          ['ops' as ServerKey, { tools: OPS }],
        ]),
        control: { folders: [join(workspace, '.remit')], files: [], ports: [] },
      }),
      verifier: { verify: (token) => JSON.parse(Buffer.from(token ?? '', 'base64url').toString()) as never },
      mintToken: async ({ task }) =>
        Buffer.from(
          JSON.stringify({ tenant: task.tenant, task: task.id, human: task.human, expires: task.expires }),
        ).toString('base64url'),
    }
    const gate = createGate(this.#deps)
    this.#gate = { ...gate, identify: async (token) => this.#prove(await gate.identify(token)) }
    this.#administration = createAdministration(this.#deps)
  }

  static async start(packs: readonly string[]): Promise<GoldenGateway> {
    const sets = await Promise.all(
      packs.map(async (pack) => {
        const folders = [join(ROOT, 'policies', pack)]
        return [
          pack,
          await loadPolicySet({
            folders,
            schemaFile: join(ROOT, 'policies', 'remit.cedarschema'),
            ...parsedBefore(),
          }),
        ] as const
      }),
    )
    const [first] = sets
    if (first === undefined) throw new Error('no case names a pack')
    const gateway = new GoldenGateway(new Map(sets), first[1])
    gateway.#door = await startTestDoor({
      upstreams: gateway.#upstreams,
      gate: gateway.#gate,
      limits: { hold: 0 },
      serverSettings: new Map([
        [SERVER, { fileSystem: 'shared', root: gateway.#harness.workspace }],
        ['ops' as ServerKey, { fileSystem: 'none' }],
      ]),
    })
    return gateway
  }

  async close(): Promise<void> {
    await this.#door?.close()
  }

  /** Plays a case from its task on; each way has a task of its own. */
  async play(golden: GoldenCase, over: 'gate' | 'mcp'): Promise<Played> {
    const pack = this.#packs.get(golden.pack)
    if (pack === undefined) throw new Error(`no pack ${golden.pack}`)
    this.#harness.policies = pack
    this.#harness.pinned = golden.pinned
    this.#harness.now = Date.UTC(2026, 10, 25, 10)
    this.#proved = golden.proved
    const { token, task } = await this.#makeTask(golden)
    const way = over === 'mcp' ? this.#overMcp(token) : this.#throughGate(await this.#gate.identify(token))
    for (const step of golden.before) await this.#take(step, way, task)
    const played = await way.call(golden.call)
    const [record] = await this.#deps.records.query({
      tenant: DEFAULT_TENANT,
      task,
      kind: 'decision',
      limit: 1,
    })
    return { ...played, record }
  }

  /** The policies alone, given nothing but what the record of a decision holds and the task that it names. */
  async decideAgain(golden: GoldenCase, { envelope, detail }: StoredRecord): Promise<Decision | undefined> {
    const chain = await loadChain(this.#deps.tasks, DEFAULT_TENANT, (envelope.identity?.task ?? '') as TaskId)
    const { operations, facts, human } = detail ?? {}
    if (chain === undefined || operations === undefined || facts === undefined || human === undefined)
      return undefined
    const who = { ...human, tenant: DEFAULT_TENANT, id: chain.task.human }
    const proved = this.#prove({
      chain,
      human: who,
      holderBound: false,
      standing: NOTHING_STOPPED,
      identifiedAt: facts.now,
      until: Infinity,
    })
    return this.#packs.get(golden.pack)?.decide({ chain: proved.chain, human: who, operations, facts })
  }

  async #makeTask({
    task: asked,
    child,
  }: GoldenCase): Promise<{ readonly token: string; readonly task: TaskId }> {
    const { task, token } = await this.#administration.createTask(byAlice, {
      workflow: 'fix-tests',
      intent: 'mend the tests',
      workspace: this.#harness.workspace,
      scope: (asked.scope ?? {}) as object,
      budget: (asked.budget ?? {}) as object,
      ...(asked.lifetime === undefined ? {} : { lifetime: asked.lifetime * 1_000 }),
    })
    if (child === undefined) return { token, task: task.id }
    const template = this.#deps.workflows.get('fix-tests')
    if (template === undefined) throw new Error('no template')
    const below = makeTask(
      {
        workflow: 'fix-tests',
        intent: 'a part of it',
        agent: task.agent,
        scope: (child.scope ?? {}) as object,
      },
      {
        template,
        human: task.human,
        tenant: task.tenant,
        id: `${task.id}-child` as TaskId,
        now: this.#harness.now,
        origin: 'parent-task',
        parent: task,
      },
    )
    await this.#deps.journal.commit({ records: [], changes: [{ kind: 'insert-task', task: below }] })
    return { token: await this.#deps.mintToken({ task: below, ancestors: [task] }), task: below.id }
  }

  async #take(step: GoldenStep, way: Way, task: TaskId): Promise<void> {
    if ('call' in step) await way.call(step.call)
    else if ('wait' in step) this.#harness.now += step.wait * 1_000
    else if ('revoke' in step) await this.#administration.revokeTask(byAlice, task, step.revoke)
    else {
      const waiting = await this.#administration.listApprovals(byMona, { state: 'pending', limit: 100 })
      const approval = waiting.find((each) => each.task === task)
      if (approval === undefined) throw new Error('nothing waits for a human')
      if ('approve' in step) {
        const vote = step.grant === undefined ? {} : { grant: step.grant }
        await this.#administration.approve(byMona, approval.id, vote)
      } else await this.#administration.refuse(byMona, approval.id, step.reason)
    }
  }

  #throughGate(first: Caller): Way {
    return {
      call: async ({ server, tool, arguments: input }) => {
        const shared = server === 'filesystem'
        const none = server === 'ops'
        const verdict = await this.#gate.authorize(
          first,
          {
            door: 'mcp',
            kind: 'tool',
            server: server as ServerKey,
            tool,
            definition: { digest: DIGEST, name: tool },
            arguments: this.#inside(input),
            fileSystem: shared ? 'shared' : none ? 'none' : 'remote',
            ...(shared ? { root: this.#harness.workspace } : {}),
            correlation: { requestId: '1' },
          },
          NEVER,
        )
        const forwarded = verdict.effect === 'allow'
        if (forwarded) await this.#gate.settle(verdict.decisionId, { status: 'ok', micros: 1, bytes: 2 })
        return { effect: verdict.effect, said: 'error' in verdict ? verdict.error.message : '', forwarded }
      },
    }
  }

  #overMcp(token: string): Way {
    return {
      call: async ({ server, tool, arguments: input }) => {
        const reached = (): number => this.#upstreams.reduce((sum, { requests }) => sum + requests.length, 0)
        const before = reached()
        const url = `${this.#door?.url ?? ''}/mcp`
        const name = `${server}__${tool}`
        const answer = await rawCall(url, token, {
          name,
          arguments: this.#inside(input),
        }).catch((thrown: unknown) => ({ status: 0, text: asRemitError(thrown).message, isError: true }))
        const effect = !answer.isError
          ? 'allow'
          : /^approval `\S+` is pending/.test(answer.text)
            ? 'consent'
            : 'deny'
        return { effect, said: answer.text, forwarded: reached() > before }
      },
    }
  }

  /** Cases name paths in `/workspace`; this is where it lies today. */
  #inside(input: GoldenCase['call']['arguments']): never {
    return JSON.parse(JSON.stringify(input).replaceAll(ROOT_FOLDER, `${this.#harness.workspace}/`)) as never
  }

  /** Who connects as `remit connect` does, with a key, where its case says what was proved of the rest. */
  #prove(given: Caller): Caller {
    const caller = { ...given, holderBound: true }
    if (this.#proved === undefined) return caller
    const { environment, sandboxed } = this.#proved
    const { chain } = caller
    return {
      ...caller,
      sandboxed,
      chain: { ...chain, task: { ...chain.task, environment, environmentProved: true } },
    }
  }
}

/** The harness's workspace has `src/a.ts`, `.env` and `.github/workflows`; links lead astray. */
function layOut(workspace: string): void {
  writeFileSync(join(workspace, 'package.json'), '{}')
  mkdirSync(join(workspace, 'docs'))
  mkdirSync(join(workspace, '.remit'))
  symlinkSync('../.env', join(workspace, 'src', 'settings.ts'))
  symlinkSync('/etc', join(workspace, 'docs', 'system'))
  symlinkSync('../src', join(workspace, 'docs', 'code'))
  symlinkSync('../.remit', join(workspace, 'docs', 'state'))
}
