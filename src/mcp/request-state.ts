import { createHash } from 'node:crypto'
import { canonicalJson } from '../core/canonical-json.ts'
import type { Clock, Entropy } from '../core/clock.ts'
import { RemitError } from '../core/errors.ts'
import { isJsonObject, type Json, type JsonObject } from '../core/json.ts'
import type { ToolCall } from '../core/tool-call.ts'
import { JsonSeal } from './seal-json.ts'

const PURPOSE = 'remit request state v1'

/** What a `requestState` of the gateway holds: which call of whom it belongs to, and until when it is good. */
export interface SealedState {
  /** Approval that the client was told of. */
  readonly approval?: string
  /** The upstream's own `requestState`, where the upstream asked for input. */
  readonly upstream?: string
  /** The upstream asked for input; true even when it gave no state. */
  readonly asked?: boolean
  /** What the gateway itself answered of that. */
  readonly answers?: JsonObject
  /** The open call that waits for what the client brings back. */
  readonly parked?: string
}

/**
 * Seals and opens `requestState` (https://modelcontextprotocol.io/specification/2026-07-28/basic/utilities/mrtr):
 * AES-256-GCM, bound to the task, the exact call and a time. It carries no authority: the gate decides again.
 */
export class StateSeal {
  readonly #seal: JsonSeal
  readonly #clock: Clock
  readonly #life: number

  constructor(deps: { key: Uint8Array; entropy: Entropy; clock: Clock; life: number }) {
    this.#seal = new JsonSeal({ ...deps, purpose: PURPOSE })
    this.#clock = deps.clock
    this.#life = deps.life
  }

  seal(state: SealedState, task: string, call: ToolCall): string {
    const until = this.#clock.now() + this.#life
    return this.#seal.seal({ ...state, task, call: digestOf(call), until })
  }

  /** @throws RemitError `params_invalid` for a state that was not made here, for this task and this very call. */
  open(text: Json, task: string, call: ToolCall): SealedState {
    const held = this.#decrypt(text)
    if (held['task'] !== task || held['call'] !== digestOf(call)) throw refused('belongs to another call')
    if (typeof held['until'] !== 'number' || held['until'] < this.#clock.now()) throw refused('has expired')
    const { approval, upstream, asked, answers, parked } = held
    return {
      ...(typeof approval === 'string' ? { approval } : {}),
      ...(typeof upstream === 'string' ? { upstream } : {}),
      ...(asked === true ? { asked } : {}),
      ...(isJsonObject(answers) ? { answers } : {}),
      ...(typeof parked === 'string' ? { parked } : {}),
    }
  }

  #decrypt(text: Json): JsonObject {
    if (typeof text !== 'string') throw refused('is no string')
    const held = this.#seal.open(text)
    if (held === undefined) throw refused('was not made by this gateway')
    return held
  }
}

function digestOf(call: ToolCall): string {
  const { kind, server, tool, definition } = call
  const bound = { kind, server, tool, definition: definition?.digest ?? null, arguments: call.arguments }
  return createHash('sha256').update(canonicalJson(bound)).digest('hex')
}

function refused(why: string): RemitError {
  return new RemitError('params_invalid', `the \`requestState\` ${why}; send the call without it`)
}
