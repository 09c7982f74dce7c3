import { NOTHING_STOPPED } from '../../src/core/standing.ts'
import type { Approval } from '../../src/core/approval.ts'
import { RemitError } from '../../src/core/errors.ts'
import type {
  ApprovalId,
  DecisionId,
  Digest,
  HumanId,
  ServerKey,
  TaskId,
  TenantId,
} from '../../src/core/ids.ts'
import type { JsonObject } from '../../src/core/json.ts'
import type { DefinitionFlag } from '../../src/core/tool-pin.ts'
import type { Outcome } from '../../src/core/outcome.ts'
import type { ToolCall } from '../../src/core/tool-call.ts'
import type { ListedDefinition } from '../../src/gate/gate-deps.ts'
import type { Caller, Gate, ListChange, ListedItem, ListedTool } from '../../src/gate/gate.ts'

/**
 * A gate that decides by name, for tests of the door alone: names with `secret` are denied, with `guarded` need
 * consent, with `hidden` are not listed; the text `a trick` is flagged; everything else is allowed.
 */
export class TestGate implements Gate {
  readonly calls: ToolCall[] = []
  /** Definitions that it was shown, in order. */
  readonly seen: JsonObject[] = []
  readonly unrouted: ToolCall[] = []
  readonly outcomes: { readonly decision: DecisionId; readonly outcome: Outcome }[] = []
  readonly approvals = new Map<ApprovalId, Approval>()
  /** Tokens that stopped being good. */
  readonly revoked = new Set<string>()
  /** Milliseconds for which a token that is looked at is said to be good; absent = for ever. */
  readonly lives = new Map<string, number>()
  /** Aborts what is out, as when its server is stopped. */
  stopping = new AbortController()
  /** What `identify` says is stopped. */
  standing = NOTHING_STOPPED
  /** Names that are denied beside those with `secret`. */
  readonly denied = new Set<string>()
  readonly #listeners = new Set<(change: ListChange) => void>()
  readonly #endings = new Set<() => void>()
  readonly #waiting = new Set<() => void>()
  #next = 0

  identify(token: string | undefined): Promise<Caller> {
    if (token === undefined) return fail('token_missing', 'send a token')
    if (token !== undefined && this.revoked.has(token)) return fail('task_revoked', 'the task was revoked')
    if (token === 'expired') return fail('token_expired', 'the token has expired')
    if (!token.startsWith('task-')) return fail('token_invalid', 'the token is not valid')
    const until = Date.now() + (this.lives.get(token) ?? Infinity)
    return Promise.resolve({ ...callerOf(token), until, standing: this.standing })
  }

  recordUnrouted(_caller: Caller, call: ToolCall): Promise<void> {
    this.unrouted.push(call)
    return Promise.resolve()
  }

  authorize(caller: Caller, call: ToolCall): ReturnType<Gate['authorize']> {
    this.calls.push(call)
    const decisionId = `dec_${String(++this.#next)}` as DecisionId
    const decision = { policies: [], gates: [], obligations: [], errors: [] }
    const base = { decisionId, decision: { ...decision, effect: 'allow' as const, reasons: [] } }
    if (call.tool.includes('secret') || this.denied.has(call.tool)) {
      const error = new RemitError('call_denied', 'secrets are not for agents; ask a human')
      return Promise.resolve({ ...base, effect: 'deny', error })
    }
    if (!call.tool.includes('guarded')) {
      return Promise.resolve({
        ...base,
        effect: 'allow',
        stopped: this.stopping.signal,
        credentials: { headers: { 'x-issued': 'yes' } },
      })
    }
    const approval = this.#approvalFor(caller, call)
    if (approval.state === 'granted') {
      this.approvals.set(approval.id, { ...approval, state: 'used' })
      return Promise.resolve({
        ...base,
        effect: 'allow',
        stopped: this.stopping.signal,
        credentials: { headers: {} },
        consented: true,
      })
    }
    if (approval.state === 'refused') {
      const error = new RemitError('approval_refused', 'a human refused: not today')
      return Promise.resolve({ ...base, effect: 'deny', error })
    }
    const error = new RemitError('approval_pending', 'waits for a human')
    const url = `http://localhost:7411/approvals/${approval.id}`
    const reasons = [{ policy: 'guard', text: 'guarded things need a human' }]
    return Promise.resolve({
      ...base,
      decision: { ...base.decision, reasons },
      effect: 'consent',
      approval,
      url,
      error,
    })
  }

  inspect(_decision: DecisionId, result: JsonObject): Promise<JsonObject> {
    return Promise.resolve(result)
  }

  screen(_decision: DecisionId | undefined, params: JsonObject): JsonObject {
    return params
  }

  settle(decision: DecisionId, outcome: Outcome): Promise<void> {
    this.outcomes.push({ decision, outcome })
    return Promise.resolve()
  }

  see(_server: ServerKey, tools: readonly ListedDefinition[]): Promise<void> {
    this.seen.push(...tools.map(({ definition }) => definition))
    return Promise.resolve()
  }

  scan(texts: JsonObject): readonly DefinitionFlag[] {
    const found = Object.entries(texts).find(([, text]) => text === 'a trick')
    return found === undefined ? [] : [{ kind: 'instruction-like', where: found[0], text: 'a trick' }]
  }

  visible<Tool extends ListedTool>(_caller: Caller, tools: readonly Tool[]): Promise<readonly Tool[]> {
    return Promise.resolve(tools.filter((tool) => !tool.definition.name.includes('hidden')))
  }

  visibleItems<Item extends ListedItem>(
    _caller: Caller,
    { items }: { readonly items: readonly Item[] },
  ): Promise<readonly Item[]> {
    return Promise.resolve(items.filter(({ name, template }) => !(name ?? template ?? '').includes('hidden')))
  }

  async awaitApproval(
    _caller: Caller,
    id: ApprovalId,
    wait: { readonly timeout: number; readonly signal: AbortSignal },
  ): Promise<Approval> {
    const timeout = AbortSignal.timeout(wait.timeout)
    const stop = AbortSignal.any([wait.signal, timeout])
    while (this.approvals.get(id)!.state === 'pending' && !stop.aborted) {
      const { promise, resolve } = Promise.withResolvers<void>()
      this.#waiting.add(resolve)
      stop.addEventListener('abort', () => resolve(), { once: true })
      await promise
      this.#waiting.delete(resolve)
    }
    return this.approvals.get(id)!
  }

  onListChanged(listener: (change: ListChange) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  onAuthorityEnded(listener: () => void): () => void {
    this.#endings.add(listener)
    return () => this.#endings.delete(listener)
  }

  /** Something was revoked or stopped. */
  authorityEnded(): void {
    for (const listener of this.#endings) listener()
  }

  /** A human decides the only approval that is pending. */
  decide(state: 'granted' | 'refused'): void {
    for (const approval of this.approvals.values()) {
      if (approval.state === 'pending') this.approvals.set(approval.id, { ...approval, state })
    }
    for (const wake of this.#waiting) wake()
  }

  policyChanged(change: ListChange = {}): void {
    for (const listener of this.#listeners) listener(change)
  }

  #approvalFor(caller: Caller, call: ToolCall): Approval {
    const digest = JSON.stringify([caller.chain.task.id, call.server, call.tool, call.arguments]) as Digest
    for (const approval of this.approvals.values()) {
      if (approval.call === digest && approval.state !== 'used') return approval
    }
    const { task } = caller.chain
    const approval: Approval = {
      tenant: task.tenant,
      id: `apr_${String(++this.#next)}` as ApprovalId,
      task: task.id,
      human: task.human,
      server: call.server,
      tool: call.tool,
      call: digest,
      decision: 'dec_0' as DecisionId,
      gates: [],
      prompt: '',
      state: 'pending',
      votes: [],
      created: 0,
      expires: Infinity,
    }
    this.approvals.set(approval.id, approval)
    return approval
  }
}

function callerOf(token: string): Caller {
  const tenant = 'default' as TenantId
  // `task-a~bob` is a task of bob.
  const human = (token.split('~')[1] ?? 'ada') as HumanId
  return {
    human: { tenant, id: human, teams: [], roles: [] },
    holderBound: false,
    standing: NOTHING_STOPPED,
    identifiedAt: 0,
    until: Infinity,
    chain: {
      ancestors: [],
      task: {
        tenant,
        id: token as TaskId,
        human,
        agent: { id: 'agent', kind: 'test' },
        workflow: 'test',
        intent: 'test the door',
        scope: {},
        environment: 'laptop',
        environmentProved: false,
        budget: {},
        origin: 'human-session',
        created: 0,
        expires: Infinity,
      },
    },
  }
}

function fail(code: ConstructorParameters<typeof RemitError>[0], message: string): Promise<never> {
  return Promise.reject(new RemitError(code, message))
}
