import type { FleetAgent, Irregularity, StartReport } from '../../core/fleet.ts'
import type { TaskId } from '../../core/ids.ts'
import type { Caller } from '../gate.ts'
import { connectedTask } from './connected-task.ts'
import { seenRecord } from './fleet-records.ts'
import { FleetWriter } from './fleet-writer.ts'
import { agentIdOf, keptAgents, putAgent } from './kept-agents.ts'
import { type KnownTask, KnownTasks, latestOf, putKnown } from './known-tasks.ts'
import type { HeardHook, HookPresence, Presence, ReportPresence } from './presence.ts'
import type { PresenceDeps } from './presence-deps.ts'
import { takeReport } from './take-report.ts'
import { tellIrregular } from './tell-irregular.ts'

/** Between two writes of one agent about which nothing but the time is new, in ms. */
const EVERY = 300_000
/** Conversations of one task that go on record. */
const MOST_SESSIONS = 100
const LONGEST_SESSION = 128
/** Calls of one task whose ends are yet to be told; an agent has a few under way. */
const MOST_USES = 256

/**
 * Who works for which task, whether their hooks are heard, and what is irregular about it. What is asked on the way of a
 * call is answered from memory; what goes on record is written beside it.
 */
export class AgentPresence implements Presence, HookPresence, ReportPresence {
  readonly #deps: PresenceDeps
  readonly #tasks = new KnownTasks()
  readonly #writer: FleetWriter

  constructor(deps: PresenceDeps) {
    this.#deps = deps
    this.#writer = new FleetWriter(deps)
  }

  /** Takes up what was known before a restart. */
  async load(): Promise<void> {
    const { fleet, settings, clock } = this.#deps
    const agents = await keptAgents(fleet, settings.tenant, clock.now())
    for (const agent of agents.toReversed()) {
      const known = this.#tasks.touch(agent.task)
      putKnown(known, agent)
      if (agent.heard !== undefined) known.heard = Math.max(known.heard ?? 0, agent.heard)
    }
  }

  hooked(task: TaskId, now: number): boolean {
    const heard = this.#tasks.get(task)?.heard
    return heard !== undefined && now - heard <= this.#deps.fresh
  }

  called(caller: Caller, use?: string): void {
    const { id } = connectedTask(caller.chain)
    const known = this.#tasks.get(id)
    if (known === undefined) return
    if (use !== undefined) known.uses = withUse(known.uses, use)
    const agent = latestOf(known)
    if (agent === undefined) return
    const now = this.#deps.clock.now()
    if (!this.hooked(id, now) && hasHooks(agent)) {
      this.#irregular(caller, known, { ...agent, seen: now }, 'calls-without-hooks')
    } else if (now - agent.seen >= EVERY) this.#write(known, { ...agent, seen: now })
  }

  heard(caller: Caller, { agent: name, session = '', version }: HeardHook): void {
    const known = this.#tasks.touch(caller.chain.task.id)
    const before = this.#agentOf(known, caller, name)
    const now = this.#deps.clock.now()
    known.heard = now
    known.hooks += 1
    const agent = { ...before, seen: now, heard: now, ...(version === undefined ? {} : { version }) }
    if (this.#recordSession(caller, known, { agent, session })) return
    if (now - before.seen >= EVERY) this.#write(known, agent)
    // The next write has the time of this hook, too.
    else putKnown(known, { ...agent, seen: before.seen })
  }

  cameHere(caller: Caller, use: string | undefined): boolean {
    const uses = this.#tasks.get(caller.chain.task.id)?.uses
    return uses === undefined || use === undefined || uses.delete(use)
  }

  ranUnasked(caller: Caller, { agent: name }: HeardHook): void {
    const known = this.#tasks.touch(caller.chain.task.id)
    // What ends first after a restart was asked about before it.
    if (known.hooks <= 1) return
    const agent = { ...this.#agentOf(known, caller, name), seen: this.#deps.clock.now() }
    this.#irregular(caller, known, agent, 'ran-unasked')
  }

  async report(caller: Caller, report: StartReport): Promise<FleetAgent> {
    const known = this.#tasks.touch(caller.chain.task.id)
    const { agent, reason } = await takeReport(this.#deps, this.#writer, { caller, known, report })
    if (reason !== undefined) this.#irregular(caller, known, agent, reason)
    return agent
  }

  /** Resolves when everything that was to be written is, or could not be. */
  idle(): Promise<void> {
    return this.#writer.idle()
  }

  /** @returns whether this is the first that is heard of the conversation. */
  #recordSession(
    caller: Caller,
    known: KnownTask,
    { agent, session }: { readonly agent: FleetAgent; readonly session: string },
  ): boolean {
    const conversation = `${agent.agent} ${session.slice(0, LONGEST_SESSION)}`
    if (known.sessions.has(conversation) || known.sessions.size >= MOST_SESSIONS) return false
    known.sessions.add(conversation)
    putKnown(known, agent)
    const told = session === '' ? {} : { session: session.slice(0, LONGEST_SESSION) }
    const record = seenRecord(this.#deps.settings, caller.chain, { agent, by: 'hook', ...told })
    this.#writer.beside({ records: [record], changes: [putAgent(agent, this.#deps.keep)] }, () => {
      known.sessions.delete(conversation)
    })
    return true
  }

  /** Of that name: as it reported itself, else as one of which nothing but its hooks is known. */
  #agentOf(known: KnownTask, { chain: { task } }: Caller, name: string): FleetAgent {
    const now = this.#deps.clock.now()
    const of = { human: task.human, agent: name }
    return (
      latestOf(known, name) ?? {
        ...of,
        id: agentIdOf(of, this.#deps.sha256),
        tenant: task.tenant,
        task: task.id,
        first: now,
        seen: now,
      }
    )
  }

  #write(known: KnownTask, agent: FleetAgent): void {
    putKnown(known, agent)
    this.#writer.beside({ records: [], changes: [putAgent(agent, this.#deps.keep)] })
  }

  #irregular(caller: Caller, known: KnownTask, agent: FleetAgent, reason: Irregularity): void {
    tellIrregular(this.#deps, this.#writer, { caller, known, agent, reason })
  }
}

function withUse(uses: Set<string> = new Set(), use: string): Set<string> {
  uses.add(use)
  const [oldest] = uses.size > MOST_USES ? uses : []
  if (oldest !== undefined) uses.delete(oldest)
  return uses
}

/** Of which a call should have been preceded by a hook. What is missing or switched off was told already. */
function hasHooks({ hooks, heard }: FleetAgent): boolean {
  if (hooks?.files === 'missing' || hooks?.files === 'disabled') return false
  return hooks !== undefined || heard !== undefined
}
