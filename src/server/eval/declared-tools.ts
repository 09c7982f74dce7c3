import type { Digest, ServerKey } from '../../core/ids.ts'
import type { JsonObject } from '../../core/json.ts'
import { type DefinitionFlag, pinStatus, type ToolPin } from '../../core/tool-pin.ts'
import type { ToolDefinition } from '../../core/tool-call.ts'
import type { DefinitionPins, ListedDefinition } from '../../gate/gate-deps.ts'
import type { PinBoard } from '../../gate/pins/pin-board.ts'
import type { Trust } from '../../gate/pins/trust.ts'
import { describeTool } from '../../mcp/describe-tool.ts'

export type ToolStatus = 'new' | 'known' | 'changed' | 'refused'

interface Declaration {
  readonly status: ToolStatus
  readonly definition: ToolDefinition | undefined
  readonly flags: readonly DefinitionFlag[]
}

/** Stands for the definition of a tool that the stream calls without declaring it. */
const UNSEEN = '0'.repeat(64) as Digest

/** Trusting what is new = as if somebody had reviewed the first definition; another one never counts. */
export function evaluationTrust(trustNew: boolean): Trust {
  return { first: trustNew, later: trustNew, changed: false, flagged: trustNew }
}

/** The tools that the stream declared, on a gateway's board of pins. Shared by all sessions, as servers are. */
export class DeclaredTools implements DefinitionPins {
  readonly #board: PinBoard
  readonly #listed = new Map<string, ToolDefinition>()
  readonly #trustUndeclared: (server: ServerKey) => boolean

  /** @param trustUndeclared servers whose tools count although the stream does not declare them. */
  constructor(board: PinBoard, trustUndeclared: (server: ServerKey) => boolean) {
    this.#board = board
    this.#trustUndeclared = trustUndeclared
  }

  /** @param siblings names of all that the server lists beside it. */
  async declare(server: ServerKey, raw: JsonObject, siblings: readonly string[]): Promise<Declaration> {
    const { server: _, ...listed } = raw
    const tool = describeTool(server, listed)
    if (tool === undefined) return { status: 'refused', definition: undefined, flags: [] }
    const { definition, pinned } = tool
    const { name, digest } = definition
    this.#listed.set(keyOf(server, name), definition)
    const before = this.#board.get(server, name)
    await this.#board.see(server, [{ name, digest, definition: pinned }], { siblings })
    return this.#declaration(server, definition, before)
  }

  #declaration(server: ServerKey, definition: ToolDefinition, before: ToolPin | undefined): Declaration {
    const { name, digest } = definition
    const pin = this.#board.get(server, name)
    const seen = [pin?.candidate, pin?.trusted].find((each) => each?.digest === digest)
    const flags = seen?.flags ?? []
    if (pin === undefined || (seen === pin.candidate && pinStatus(pin) === 'refused')) {
      return { status: 'refused', definition, flags }
    }
    if (before === undefined) return { status: 'new', definition, flags }
    const first = (before.trusted ?? before.candidate)?.digest
    return { status: first === digest ? 'known' : 'changed', definition, flags }
  }

  /** The definition that the upstream would list now. */
  definitionOf(server: ServerKey, tool: string): ToolDefinition {
    return this.#listed.get(keyOf(server, tool)) ?? { digest: UNSEEN, name: tool }
  }

  isPinned(server: ServerKey, tool: string, digest: Digest): boolean {
    if (!this.#listed.has(keyOf(server, tool))) return this.#trustUndeclared(server)
    return this.#board.isPinned(server, tool, digest)
  }

  see(server: ServerKey, tools: readonly ListedDefinition[]): Promise<void> {
    return this.#board.see(server, tools)
  }
}

function keyOf(server: ServerKey, tool: string): string {
  return `${server} ${tool}`
}
