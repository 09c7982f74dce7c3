/** What a scripted model does at one step of a conversation. */
export type Step =
  | {
      readonly tool: string
      readonly args: object | string
      /** Asks once more as long as the answer is that a human has yet to decide. */
      readonly again?: boolean
    }
  | { readonly text: string }

export type Chosen =
  | {
      readonly kind: 'tool'
      readonly name: string
      readonly args: object | string
      /** The id that the agent is to know this use by; default a new one. */
      readonly use?: string
    }
  | { readonly kind: 'text'; readonly text: string }

/** A request to the model, of which API it may be. */
export interface Asked {
  /** What the conversation began with, before the model said anything. */
  readonly opening: string
  /** Tools that the agent offers; none = a request beside the conversation, for a title say. */
  readonly tools: readonly string[]
  /** Results of tools so far, oldest first: their number is the step that is next. */
  readonly results: readonly string[]
}

/** What decides what a model says; the APIs and their forms are around it. */
export interface Mind {
  next(asked: Asked): Chosen
}

/** What a sub-agent does, which is known by how its conversation begins. */
export interface Part {
  readonly opening: string
  readonly steps: readonly Step[]
}

/** A model that does what it is told: the step that is next by the number of results. */
export class Script implements Mind {
  readonly seen: string[] = []
  readonly missing: string[] = []
  readonly offered = new Set<string>()
  readonly #played = new Set<Step>()
  #steps: readonly Step[] = []
  #part: Part | undefined

  play(steps: readonly Step[], part?: Part): void {
    this.#steps = steps
    this.#part = part
    this.seen.length = 0
    this.missing.length = 0
    this.offered.clear()
    this.#played.clear()
  }

  /** Whether the model called the tool of this step. */
  played(step: Step): boolean {
    return this.#played.has(step)
  }

  next(asked: Asked): Chosen {
    for (const result of asked.results) if (!this.seen.includes(result)) this.seen.push(result)
    if (asked.tools.length === 0) return { kind: 'text', text: '{"title":"t","isNewTopic":false}' }
    for (const tool of asked.tools) this.offered.add(tool)
    const steps = this.#stepsOf(asked)
    const step = steps[stepAfter(steps, asked.results)] ?? { text: 'DONE' }
    if ('text' in step) return { kind: 'text', text: step.text }
    const { tools } = asked
    const name = offeredAs(tools, step.tool)
    if (name !== undefined) {
      this.#played.add(step)
      return { kind: 'tool', name, args: step.args }
    }
    this.missing.push(`${step.tool} of ${tools.join(' ')}`)
    return { kind: 'text', text: `TOOL NOT OFFERED ${step.tool}` }
  }

  #stepsOf({ opening }: Asked): readonly Step[] {
    return this.#part !== undefined && opening.includes(this.#part.opening) ? this.#part.steps : this.#steps
  }
}

/** The agent's own name of a tool, before which agents put that of its server. */
export function offeredAs(tools: readonly string[], tool: string): string | undefined {
  return tools.find((each) => each === tool) ?? tools.find((each) => each.endsWith(tool))
}

function stepAfter(steps: readonly Step[], results: readonly string[]): number {
  let at = 0
  for (const result of results) {
    const step = steps[at]
    const waits = step !== undefined && 'tool' in step && step.again === true && PENDING.test(result)
    if (!waits) at += 1
  }
  return at
}

/** What the gateway says of a call whose approval nobody gave yet. */
const PENDING = /approval .{0,4}apr_\w+.{0,4} is pending/
