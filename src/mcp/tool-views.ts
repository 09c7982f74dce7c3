import type { CatalogueTool } from './describe-tool.ts'
import { exposedName, exposeTool, tellsOfTasks, type ToolView } from './expose-tool.ts'
import { isListableName, type Naming } from './names.ts'

type Tools = readonly CatalogueTool[]

/**
 * Tools under the names of one endpoint and as the text that one kind of client is sent, made once for each list, since
 * most lists are asked for again as they were. What is remembered goes with the session that listed the tools. Whether
 * a task may see a tool is another matter.
 */
class ToolsOfView {
  readonly #view: ToolView
  readonly #offered = new WeakMap<Tools, Tools>()
  readonly #written = new WeakMap<Tools, Uint8Array>()

  constructor(view: ToolView) {
    this.#view = view
  }

  /** Undefined = this endpoint cannot show it. */
  nameOf(tool: CatalogueTool): string | undefined {
    const name = exposedName(this.#view.naming, tool)
    return name !== undefined && isListableName(name) ? name : undefined
  }

  /** Those that the endpoint can show; of the very same list the very same. */
  offered(listed: Tools): Tools {
    const offered = this.#offered.get(listed) ?? listed.filter((tool) => this.nameOf(tool) !== undefined)
    this.#offered.set(listed, offered)
    return offered
  }

  /** The member `tools` of a list's result, in UTF-8. */
  write(tools: Tools): Uint8Array {
    const written =
      this.#written.get(tools) ??
      Buffer.from(`"tools":${JSON.stringify(tools.map((tool) => exposeTool(tool, this.#view)))}`)
    this.#written.set(tools, written)
    return written
  }
}

/** By endpoint and kind of client. */
export class ToolViews {
  readonly #ofTaskClients = new WeakMap<Naming, ToolsOfView>()
  readonly #ofOthers = new WeakMap<Naming, ToolsOfView>()

  of({ naming, claim }: ToolView): ToolsOfView {
    const views = tellsOfTasks(claim) ? this.#ofTaskClients : this.#ofOthers
    const view = views.get(naming) ?? new ToolsOfView({ naming, claim })
    views.set(naming, view)
    return view
  }
}
