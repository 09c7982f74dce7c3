import type { Json, JsonObject } from '../core/json.ts'

/** A call that stands in the arguments of another. */
export interface InnerCall {
  /** Absent = the server of the outer call. */
  readonly server?: string
  readonly tool: string
  readonly arguments: JsonObject
  /** RFC 6901 pointer of its arguments in those of the outer call. */
  readonly pointer: string
}

const MAX_CALLS = 100
const TOOL = ['tool', 'tool_name', 'toolName', 'recipient_name', 'function', 'name'] as const
const INPUT = [
  'arguments',
  'args',
  'input',
  'inputs',
  'params',
  'parameters',
  'tool_input',
  'tool_args',
  'toolArgs',
] as const
const SERVER = ['server', 'server_name', 'serverName', 'server_id', 'mcp_server'] as const
const LISTS =
  /^(?:tool_?uses|tool_?calls|calls|invocations|operations|requests|steps|tools|commands|batch|actions)$/i

/**
 * The calls that a value holds: `{name, arguments}` in any usual spelling, or a list of them. `undefined` = it holds
 * none, or something beside them that is none.
 */
export function readInnerCalls(value: Json, pointer: string): readonly InnerCall[] | undefined {
  if (Array.isArray(value)) {
    const items = value as readonly Json[]
    if (items.length === 0 || items.length > MAX_CALLS) return undefined
    const calls = items.map((item, at) => readInnerCalls(item, `${pointer}/${at}`))
    return calls.every((each) => each !== undefined) ? calls.flat() : undefined
  }
  if (typeof value !== 'object' || value === null) return undefined
  return readCall(value as JsonObject, pointer)
}

/** The calls that arguments hold as a whole or in one of their lists, and the names of the arguments that say them. */
export function findInnerCalls(
  input: JsonObject,
): { readonly calls: readonly InnerCall[]; readonly named: ReadonlySet<string> } | undefined {
  const whole = readCall(input, '')
  if (whole !== undefined) return { calls: whole, named: new Set([...TOOL, ...INPUT, ...SERVER]) }
  const lists = Object.keys(input).filter((name) => LISTS.test(name) || name === 'call')
  const found = lists.map((name) => readInnerCalls(input[name] ?? null, `/${name}`))
  if (found.length === 0 || found.some((each) => each === undefined)) return undefined
  return { calls: found.flatMap((each) => each ?? []), named: new Set(lists) }
}

function readCall(object: JsonObject, pointer: string): readonly InnerCall[] | undefined {
  const nested = object['function']
  // `{"type": "function", "function": {"name", "arguments"}}`
  if (typeof nested === 'object' && nested !== null) return readInnerCalls(nested, `${pointer}/function`)
  const toolKey = TOOL.find((name) => typeof member(object, name) === 'string')
  const inputKey = INPUT.find((name) => member(object, name) !== undefined)
  const tool = toolKey === undefined ? undefined : object[toolKey]
  // A name alone is a call only where it says that it is a tool’s.
  if (
    typeof tool !== 'string' ||
    tool === '' ||
    (inputKey === undefined && !/tool|recipient/i.test(toolKey ?? ''))
  )
    return undefined
  const input = inputKey === undefined ? {} : readObject(object[inputKey])
  if (input === undefined) return undefined
  const serverKey = SERVER.find((name) => typeof member(object, name) === 'string')
  const server = serverKey === undefined ? undefined : object[serverKey]
  return [
    {
      ...(typeof server === 'string' ? { server } : {}),
      ...partsOf(tool),
      arguments: input,
      pointer: inputKey === undefined ? pointer : `${pointer}/${inputKey}`,
    },
  ]
}

/** `mcp__github__create_issue`, `github__create_issue`, `functions.create_issue`. */
function partsOf(tool: string): { readonly server?: string; readonly tool: string } {
  const [, server, name] = /^(?:mcp__)?([a-z0-9-]+)__(.+)$/.exec(tool) ?? []
  if (server !== undefined && name !== undefined) return { server, tool: name }
  return { tool: tool.replace(/^functions\./, '') }
}

function member(object: JsonObject, name: string): Json | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined
}

/** Arguments also come as JSON in text. */
function readObject(value: Json | undefined): JsonObject | undefined {
  let read = value
  if (typeof value === 'string') {
    try {
      read = JSON.parse(value) as Json
    } catch {
      return undefined
    }
  }
  return typeof read === 'object' && read !== null && !Array.isArray(read) ? (read as JsonObject) : undefined
}
