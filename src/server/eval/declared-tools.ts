import type { Digest, ServerKey } from '../../core/ids.ts'
import type { Json } from '../../core/json.ts'
import type { ToolDefinition } from '../../core/tool-call.ts'
import type { DefinitionPins } from '../../gate/gate-deps.ts'
import { describeTool } from '../../mcp/describe-tool.ts'

export type ToolStatus = 'new' | 'known' | 'changed' | 'refused'

interface DeclaredTool {
  readonly first: Digest
  readonly definition: ToolDefinition
}

/** Stands for the definition of a tool that the stream calls without declaring it. */
const UNSEEN = '0'.repeat(64) as Digest

/**
 * The tools that the stream declared, as a gateway would have them on record: the first definition is taken as
 * reviewed when new ones are trusted, another one never is. Shared by all sessions, as servers are.
 */
export class DeclaredTools implements DefinitionPins {
  readonly #tools = new Map<string, DeclaredTool>()
  readonly #trustNew: boolean
  readonly #known: (server: ServerKey) => boolean

  /** @param known servers that the configuration or the catalogue describes: their tools count as reviewed. */
  constructor(trustNew: boolean, known: (server: ServerKey) => boolean) {
    this.#trustNew = trustNew
    this.#known = known
  }

  declare(
    server: ServerKey,
    raw: Json,
  ): { readonly status: ToolStatus; readonly definition: ToolDefinition | undefined } {
    const definition = describeTool(server, raw)?.definition
    if (definition === undefined) return { status: 'refused', definition }
    const key = keyOf(server, definition.name)
    const declared = this.#tools.get(key)
    this.#tools.set(key, { first: declared?.first ?? definition.digest, definition })
    if (declared === undefined) return { status: 'new', definition }
    return { status: declared.first === definition.digest ? 'known' : 'changed', definition }
  }

  /** The definition that the upstream would list now. */
  definitionOf(server: ServerKey, tool: string): ToolDefinition {
    return this.#tools.get(keyOf(server, tool))?.definition ?? { digest: UNSEEN, name: tool }
  }

  isPinned(server: ServerKey, tool: string, digest: Digest): boolean {
    const declared = this.#tools.get(keyOf(server, tool))
    if (declared === undefined) return this.#trustNew || this.#known(server)
    return this.#trustNew && declared.first === digest
  }
}

function keyOf(server: ServerKey, tool: string): string {
  return `${server} ${tool}`
}
