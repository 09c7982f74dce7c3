import type { Approval } from '../../core/approval.ts'
import { RemitError } from '../../core/errors.ts'
import type { HumanId, ServerKey } from '../../core/ids.ts'
import type { Human } from '../../core/identity.ts'
import type { JsonObject } from '../../core/json.ts'
import type { ToolCall } from '../../core/tool-call.ts'
import type { Actor } from '../../gate/administration.ts'
import type { Caller, Verdict } from '../../gate/gate.ts'
import { rootOf } from '../../gate/gather-facts.ts'
import { bringsUntrusted, inspectResult } from '../../gate/inspect-result.ts'
import { CallMemory, type RememberedCall } from './call-memory.ts'
import type { Evaluation } from './compose-evaluation.ts'
import type { InputLine, LineOf } from './input-line.ts'
import {
  type DecisionLine,
  decisionLine,
  type InspectionLine,
  type OutputLine,
  type ToolsLine,
} from './output-line.ts'
import { positionsInText } from './result-text.ts'
import { Sessions } from './sessions.ts'

const NEVER = new AbortController().signal

interface Target {
  readonly session: string
  readonly id: string
  /** Bytes of the line that the call came in. */
  readonly size: number
}

/** Takes the lines of a stream in order, through the gate and its administration, and says what each comes to. */
export class Evaluator {
  readonly #evaluation: Evaluation
  readonly #sessions: Sessions
  readonly #calls = new CallMemory()

  constructor(evaluation: Evaluation) {
    this.#evaluation = evaluation
    this.#sessions = new Sessions(evaluation)
  }

  /**
   * @param size bytes of the line.
   * @returns undefined for a line that has no answer.
   * @throws RemitError for a line that names what is not there.
   */
  async take({ kind, line }: InputLine, size: number): Promise<OutputLine | undefined> {
    if (line.at !== undefined) this.#evaluation.clock.set(line.at)
    switch (kind) {
      case 'open':
        await this.#sessions.open(line)
        return undefined
      case 'tools':
        return this.#declare(line)
      case 'call':
        return this.#call(line, size)
      case 'result':
        return this.#result(line)
      case 'approve':
        return this.#approve(line, size)
      case 'refuse':
        return this.#refuse(line, size)
      default:
        return kind satisfies never
    }
  }

  async #declare({ session, tools }: LineOf<'tools'>): Promise<ToolsLine> {
    const { gate, deps, tools: declared } = this.#evaluation
    const caller = this.#sessions.callerOf(this.#sessions.get(session))
    const answers: ToolsLine['tools'][number][] = []
    for (const raw of tools) {
      const server = raw.server as ServerKey
      const { status, definition, flags } = await declared.declare(server, raw, namesOf(tools, server))
      if (definition === undefined) {
        const name = typeof raw['name'] === 'string' ? raw['name'] : ''
        answers.push({ server, name, status, visible: false, actions: [], inferred: true, flags })
        continue
      }
      const shown = await gate.visible(caller, [{ server, definition }], { requestId: session })
      const bare = deps.classifier.classify(
        this.#toolCall({ server, tool: definition.name, arguments: {} }, ''),
        {},
      )
      answers.push({
        server,
        name: definition.name,
        status,
        visible: shown.length > 0,
        actions: deps.classifier.actionsOf(server, definition),
        inferred: bare.inferred,
        flags,
      })
    }
    return { session, tools: answers }
  }

  async #call({ session, id, call: asked }: LineOf<'call'>, size: number): Promise<DecisionLine> {
    const caller = this.#sessions.callerOf(this.#sessions.get(session))
    return this.#decide(caller, this.#toolCall(asked, id), { session, id, size })
  }

  async #decide(
    caller: Caller,
    call: ToolCall,
    target: Target & { readonly errors?: readonly string[] },
  ): Promise<DecisionLine> {
    const { gate, meter } = this.#evaluation
    meter.reset()
    const verdict = await gate.authorize(caller, call, NEVER)
    const { micros } = meter
    const { operations } = meter.classification
    await this.#settle(verdict)
    this.#calls.set(
      target,
      {
        untrusted: bringsUntrusted(operations),
        obligations: verdict.decision.obligations,
        ...(verdict.effect === 'consent' ? { waiting: { call, approval: verdict.approval.id } } : {}),
      },
      target.size,
    )
    return decisionLine(target, { decision: verdict.decision, operations, micros, ...errorsOf(target) })
  }

  /** The gate waits for what came of an allowed call; the stream may never say, so it is told at once. */
  async #settle(verdict: Verdict): Promise<void> {
    if (verdict.effect !== 'allow') return
    await this.#evaluation.gate.settle(verdict.decisionId, { status: 'ok', micros: 0, bytes: 0 })
  }

  async #result({ session, id, result }: LineOf<'result'>): Promise<InspectionLine> {
    const { chain } = this.#sessions.get(session)
    const { tenant, id: root } = rootOf(chain)
    const value: JsonObject =
      typeof result === 'string' ? { content: [{ type: 'text', text: result }] } : result
    const { inspection } = await inspectResult(value, {
      ...this.#remembered(session, id),
      scanner: this.#evaluation.deps.scanner,
      tree: root,
    })
    const failed = typeof result === 'object' && result['isError'] === true
    const add = {
      ...(inspection.labels.length > 0 ? { labels: inspection.labels } : {}),
      ...(failed ? { errors: 1 } : {}),
    }
    await this.#evaluation.store.journal.commit({
      records: [],
      changes: [{ kind: 'add-facts', tenant, root, add }],
    })
    const { labels, secrets, handled } = inspection
    const inspected = { labels, secrets: positionsInText(value, secrets), redacted: handled !== 'none' }
    return { session, id, inspected }
  }

  #approve(line: LineOf<'approve'>, size: number): Promise<DecisionLine> {
    const { gate, approve, teams, grant } = line
    const actor = this.#actorOf(approve, teams ?? [])
    this.#evaluation.people.answered(actor.human)
    const vote = { ...(gate === undefined ? {} : { gate }), ...(grant === undefined ? {} : { grant }) }
    return this.#answer(line, size, ({ id }) => this.#evaluation.administration.approve(actor, id, vote))
  }

  #refuse(line: LineOf<'refuse'>, size: number): Promise<DecisionLine> {
    return this.#answer(line, size, ({ id, gates }) => {
      const { refuse, teams, reason } = line
      // A no only makes things stricter: from somebody of whom nothing is known it is believed.
      const standing = ['approver', ...gates.flatMap(({ by }) => by ?? [])]
      const actor = this.#actorOf(refuse, teams ?? (this.#human(refuse) === undefined ? standing : []))
      return this.#evaluation.administration.refuse(actor, id, reason)
    })
  }

  /** What a human may not do is said beside the decision, which then stands as it was. */
  async #answer(
    { session, id }: { readonly session: string; readonly id: string },
    size: number,
    answer: (approval: Approval) => Promise<Approval>,
  ): Promise<DecisionLine> {
    const { deps } = this.#evaluation
    const caller = this.#sessions.callerOf(this.#sessions.get(session))
    const { waiting } = this.#remembered(session, id)
    const approval =
      waiting === undefined ? undefined : await deps.approvals.get(deps.settings.tenant, waiting.approval)
    if (waiting === undefined || approval === undefined) {
      throw new RemitError(
        'approval_unknown',
        `the call \`${id}\` of session \`${session}\` waits for nobody`,
      )
    }
    const errors: string[] = []
    try {
      await answer(approval)
    } catch (thrown) {
      if (!(thrown instanceof RemitError)) throw thrown
      errors.push(`${thrown.code}: ${thrown.message}`)
    }
    return this.#decide(caller, waiting.call, { session, id, size, errors })
  }

  #remembered(session: string, id: string): RememberedCall {
    const call = this.#calls.get(session, id)
    if (call !== undefined) return call
    throw new RemitError('input_invalid', `session \`${session}\` made no call \`${id}\`, or long ago`)
  }

  #toolCall(
    asked: Pick<LineOf<'call'>['call'], 'server' | 'tool' | 'arguments'> & {
      readonly door?: ToolCall['door']
    },
    id: string,
  ): ToolCall {
    const { tools, fileSystemOf } = this.#evaluation
    const server = asked.server as ServerKey
    return {
      door: asked.door ?? 'mcp',
      kind: 'tool',
      server,
      tool: asked.tool,
      definition: tools.definitionOf(server, asked.tool),
      arguments: asked.arguments,
      ...fileSystemOf(server),
      correlation: { requestId: id },
    }
  }

  /** Teams of an answer count as roles too; the plural of a role names it, as people write it. */
  #actorOf(id: string, teams: readonly string[]): Actor {
    const known = this.#human(id)
    const named = teams.flatMap((team) => [team, team.replace(/s$/, '')])
    const human: Human = {
      tenant: this.#evaluation.deps.settings.tenant,
      id: id as HumanId,
      teams: [...new Set([...(known?.teams ?? []), ...teams])],
      roles: [...new Set([...(known?.roles ?? []), ...named])],
    }
    return { human, credential: 'approver', reach: 'all' }
  }

  #human(id: string): Human | undefined {
    const { people, deps } = this.#evaluation
    return people.configured.find(deps.settings.tenant, id as HumanId)
  }
}

function errorsOf({ errors }: { readonly errors?: readonly string[] }): {
  readonly errors?: readonly string[]
} {
  return errors === undefined ? {} : { errors }
}

function namesOf(tools: LineOf<'tools'>['tools'], server: string): readonly string[] {
  return tools.flatMap((tool) =>
    tool.server === server && typeof tool['name'] === 'string' ? [tool['name']] : [],
  )
}
