import { createHash } from 'node:crypto'
import type { Clock } from '../core/clock.ts'
import { canonicalJson } from '../core/canonical-json.ts'
import { RemitError } from '../core/errors.ts'
import type { TaskId } from '../core/ids.ts'
import type { JsonObject } from '../core/json.ts'
import type { BeforeEvent, HookedTool } from './hook-event.ts'
import type { HookExchange } from './hook-exchange.ts'

/** Of one task, open or ended: an agent tells of no end where its own rules kept the tool from running. */
const MOST_KNOWN = 256
/** Those that asked first are forgotten first. */
const MOST_TASKS = 1_000

/** Milliseconds in which hooks that began together have all asked. What was let run before is no answer to now. */
const TOGETHER = 10_000

interface OpenUse {
  readonly call: string
  /** Absent = the agent itself, or a prompt that does not tell. */
  readonly subAgent: string | undefined
  /** Milliseconds since the epoch at which it was let run; absent = it is being decided. */
  decidedAt?: number
  readonly ended?: true
  readonly decided: Promise<unknown>
}

/**
 * Uses of tools that are being decided or were let run, and have not ended. Two hooks that ask about one use (an
 * administrator's and a user's, a command and a call over MCP) are one decision, one consent and one count.
 */
export class OpenUses {
  readonly #clock: Clock
  readonly #tasks = new Map<TaskId, Map<string, OpenUse>>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /**
   * Decides a use, or waits for who decides it already. What may not run is not open: asked again, it is decided anew.
   * @throws RemitError `call_denied` when the id is that of another open use; what `decide` throws.
   */
  async once(
    { adapter, caller }: Pick<HookExchange, 'adapter' | 'caller'>,
    event: BeforeEvent,
    decide: () => Promise<JsonObject | undefined>,
  ): Promise<JsonObject | undefined> {
    const { use } = event.tool
    if (use === undefined || adapter.usesAreUnique !== true) return decide()
    const task = caller.chain.task.id
    const { subAgent } = event
    const call = digestOf(adapter.agent, event)
    const open = this.#tasks.get(task)?.get(use)
    if (open === undefined || open.ended === true) return this.#open(task, use, { call, subAgent, decide })
    if (open.call !== call || (open.subAgent !== subAgent && adapter.promptOnly !== true)) throw taken(use)
    const { decidedAt = Infinity } = open
    if (this.#clock.now() - decidedAt > TOGETHER) return this.#open(task, use, { call, subAgent, decide })
    await open.decided
    return adapter.allow(event)
  }

  /** The use ran, or failed to. @returns whether another hook told of that already. */
  end(task: TaskId, { use }: Pick<HookedTool, 'use'>): boolean {
    const known = use === undefined ? undefined : this.#tasks.get(task)?.get(use)
    if (use === undefined || known === undefined) return false
    this.#tasks.get(task)?.set(use, { ...known, ended: true })
    return known.ended === true
  }

  async #open(
    task: TaskId,
    use: string,
    {
      decide,
      ...asked
    }: Pick<OpenUse, 'call' | 'subAgent'> & { readonly decide: () => Promise<JsonObject | undefined> },
  ): Promise<JsonObject | undefined> {
    const open = roomIn(this.#tasks, task, MOST_TASKS) ?? new Map<string, OpenUse>()
    this.#tasks.set(task, open)
    roomIn(open, use, MOST_KNOWN)
    const decided = decide()
    const entry: OpenUse = { ...asked, decided }
    open.set(use, entry)
    try {
      const answer = await decided
      entry.decidedAt = this.#clock.now()
      return answer
    } catch (thrown) {
      open.delete(use)
      throw thrown
    }
  }
}

/** Takes the value of a key, if there is one, and else the oldest where there are too many, so that it can be set as the newest. */
function roomIn<Key, Value>(map: Map<Key, Value>, key: Key, most: number): Value | undefined {
  const known = map.get(key)
  map.delete(key)
  const [oldest] = map.keys()
  if (oldest !== undefined && map.size >= most) map.delete(oldest)
  return known
}

function digestOf(agent: string, { tool }: BeforeEvent): string {
  const { server = '', name, arguments: input } = tool
  return createHash('sha256')
    .update(canonicalJson([agent, server, name, input]))
    .digest('base64')
}

function taken(use: string): RemitError {
  return new RemitError(
    'call_denied',
    `\`${use}\` is the id of another call, which was let run and has not ended`,
  )
}
