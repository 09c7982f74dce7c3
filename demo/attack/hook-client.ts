import type { TaskFetch } from './proved-fetch.ts'

/** One use of a tool that an agent has of its own. */
export interface HookedUse {
  readonly conversation: string
  readonly use: string
  readonly tool: string
  readonly args: Readonly<Record<string, unknown>>
}

export interface HookPlace {
  readonly project: string
  /** URL of the gateway's MCP endpoint. */
  readonly url: string
  readonly fetch: TaskFetch
}

interface HookAnswer {
  readonly hookSpecificOutput?: {
    readonly permissionDecision?: string
    readonly permissionDecisionReason?: string
    readonly updatedToolOutput?: object
  }
}

/** @returns why the tool may not run; undefined = it may. Anything but a clear yes is a no. */
export async function askBefore(place: HookPlace, use: HookedUse): Promise<string | undefined> {
  const { hookSpecificOutput: said } = await post(place, use, { hook_event_name: 'PreToolUse' })
  if (said?.permissionDecision === 'allow') return undefined
  return said?.permissionDecisionReason ?? 'the hook did not answer'
}

/** @returns the result as the model may see it. */
export async function tellAfter(place: HookPlace, use: HookedUse, result: object): Promise<object> {
  const answer = await post(place, use, { hook_event_name: 'PostToolUse', tool_response: result })
  return answer.hookSpecificOutput?.updatedToolOutput ?? result
}

/** In the form that Claude Code gives its HTTP hooks. */
async function post(place: HookPlace, use: HookedUse, event: object): Promise<HookAnswer> {
  const response = await place.fetch(new URL('/hooks/v1/claude-code', place.url), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      session_id: use.conversation,
      cwd: place.project,
      tool_name: use.tool,
      tool_input: use.args,
      tool_use_id: use.use,
      ...event,
    }),
  })
  const answer = await response.text()
  return answer === '' ? {} : (JSON.parse(answer) as HookAnswer)
}
