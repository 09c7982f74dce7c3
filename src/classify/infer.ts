import { groupsOf, type Action } from '../core/actions.ts'
import type { Json, JsonObject } from '../core/json.ts'
import type { Operation } from '../core/operation.ts'
import type { ToolCall, ToolDefinition } from '../core/tool-call.ts'
import { extractorOf, type ExtractionContext } from './extract.ts'
import { unreadable } from './extract-paths.ts'
import { kindOfArgument, type GuessedKind } from './inference/kind-of-argument.ts'
import { inferTool, type DescribedTool, type InferredTool } from './inference/infer-tool.ts'
import { splitWords } from './inference/words.ts'
import { findInnerCalls } from './inner-calls.ts'
import { inferTarget } from './inference/infer-target.ts'

const MAX_DEPTH = 64
const MAX_STRINGS = 1_000
const MAX_FOUND = 100

type Surroundings = Omit<ExtractionContext, 'actions' | 'pointer'>

/** What a call of a tool that nobody described would do. */
export interface InferredCall {
  readonly operations: readonly Operation[]
  /** False = the tool’s own words say nothing, or deceive. */
  readonly understood: boolean
}

/**
 * By the tool’s own words, and by what its arguments look like; where either could be worse, the worse. Every operation
 * carries the label `inferred`.
 */
export function inferCall(call: ToolCall, context: Surroundings): InferredCall {
  const described: DescribedTool = { ...call.definition, name: call.tool }
  const tool = inferredTool(call, described)
  const about = textOf(described)
  const inner = innerOperations(call, context, tool)
  if (inner !== undefined) {
    const beside = inferOperations(call.arguments, context, { tool, about, skip: inner.named })
    return { operations: [...inner.operations, ...beside].map(asInferred), understood: tool.understood }
  }
  const found = inferOperations(call.arguments, context, { tool, about })
  // What the arguments name in full need not be said again of the whole server.
  const named = new Set(found.map((operation) => familyOf(operation.action)))
  const rest = tool.actions
    .filter((action) => !named.has(familyOf(action)))
    .flatMap((action) => inferTarget(action, call.arguments, context))
  return { operations: [...rest.map(asInferred), ...found], understood: tool.understood }
}

/** A definition is an object of the catalogue, the same for all calls, and long ones take a while to read. */
const inferred = new WeakMap<ToolDefinition, InferredTool>()

function inferredTool({ definition, tool }: ToolCall, described: DescribedTool): InferredTool {
  if (definition === undefined || definition.name !== tool) return inferTool(described)
  const known = inferred.get(definition)
  if (known !== undefined) return known
  const fresh = inferTool(described)
  inferred.set(definition, fresh)
  return fresh
}

const RUNS_TOOLS =
  /(?:^|_)(?:tools?|calls?|batch|parallel|invoke|dispatch|proxy|execute|functions?|actions?)(?:_|$)/

/**
 * A tool that does nothing but run others is what they are. One that does something beside it, or whose calls cannot
 * be read, stays what its words say.
 */
function innerOperations(
  call: ToolCall,
  context: Surroundings,
  tool: InferredTool,
): { readonly operations: readonly Operation[]; readonly named: ReadonlySet<string> } | undefined {
  const runs = [...tool.deeds].every((deed) => deed === 'execute' || deed === 'read')
  if (context.inner === undefined || !runs || !tool.deeds.has('execute')) return undefined
  if (!RUNS_TOOLS.test(splitWords(call.tool).join('_'))) return undefined
  const found = findInnerCalls(call.arguments)
  return found === undefined
    ? undefined
    : { operations: found.calls.flatMap(context.inner), named: found.named }
}

function textOf({ name, description }: DescribedTool): string {
  return `${name} ${description?.slice(0, 1_000) ?? ''}`.toLowerCase()
}

function familyOf(action: Action): string {
  return action.split('.', 1)[0] ?? ''
}

function asInferred(operation: Operation): Operation {
  return { ...operation, labels: [...operation.labels, 'inferred'] }
}

export interface InferenceHints {
  readonly tool?: InferredTool
  /** The tool’s words, for telling a query in SQL from one in words. */
  readonly about?: string
  /** Arguments that are understood already. */
  readonly skip?: ReadonlySet<string>
}

/**
 * What the values of arguments say, whatever the tool is called: paths are written to, URLs sent to, commands run, SQL
 * executed, so that secrets, pipelines and Remit’s own files are seen. Without `tool` everything counts as a change.
 */
export function inferOperations(
  input: JsonObject,
  context: Surroundings,
  hints: InferenceHints = {},
): readonly Operation[] {
  const found: Operation[] = []
  let strings = 0
  const open: { value: Json; name: string; pointer: string; depth: number }[] = []
  const addMembers = (value: JsonObject, pointer: string, depth: number): void => {
    for (const [name, member] of Object.entries(value)) {
      if (depth === 1 && hints.skip?.has(name) === true) continue
      open.push({ value: member, name, pointer: `${pointer}/${escapePointer(name)}`, depth })
    }
  }
  addMembers(input, '', 1)
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, name, pointer, depth } = next
    if (typeof value === 'string') {
      strings += 1
      if (strings > MAX_STRINGS || found.length > MAX_FOUND)
        return [...found, ...unreadable({ actions: ['file.write'], pointer: '' })]
      for (const kind of kindOfArgument(value, name, hints)) {
        found.push(...guess(kind, value, { ...context, pointer, actions: [] }, hints.tool).map(asInferred))
      }
    } else if (typeof value === 'object' && value !== null) {
      if (depth >= MAX_DEPTH) return [...found, ...unreadable({ actions: ['file.write'], pointer })]
      if (Array.isArray(value)) {
        for (const [at, item] of (value as readonly Json[]).entries()) {
          open.push({ value: item, name, pointer: `${pointer}/${at}`, depth: depth + 1 })
        }
      } else addMembers(value as JsonObject, pointer, depth + 1)
    }
  }
  return found
}

function guess(
  kind: GuessedKind,
  value: string,
  context: ExtractionContext,
  tool: InferredTool | undefined,
): readonly Operation[] {
  const reads =
    tool !== undefined && tool.actions.every((action) => groupsOf(action).every((group) => group === 'read'))
  const extract = (name: string, actions: readonly Action[]) =>
    extractorOf(name)?.(value, { ...context, actions }) ?? []
  switch (kind) {
    case 'path':
      if (reads) return extract('path', ['file.read'])
      return extract(
        'path',
        tool?.deeds.has('delete') === true ? ['file.write', 'file.delete'] : ['file.write'],
      )
    case 'written-path':
      return extract('path', ['file.write'])
    case 'url':
      return (
        extractorOf('url')?.(withScheme(value), {
          ...context,
          actions: [reads ? 'net.fetch' : 'net.send'],
        }) ?? []
      )
    case 'host':
      return extract('host', ['net.connect'])
    case 'sql':
      return extract('sql', [])
    case 'recipient':
      if (tool?.actions.includes('money.send') === true) return extract('money', ['money.send'])
      return reads ? [] : extract('recipient', ['message.send'])
    case 'command':
      return [running(context.pointer, []), ...extract('command', ['shell.execute'])]
    case 'injected':
      return [running(context.pointer, ['obfuscated'])]
    default:
      return kind satisfies never
  }
}

/** Tools that take URLs take `www.example.com` for one too. */
function withScheme(text: string): string {
  return /^[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}(?:[:/?#]|$)/i.test(text) ? `https://${text}` : text
}

function running(pointer: string, labels: Operation['labels']): Operation {
  return {
    action: 'code.execute',
    resource: { type: 'Program', id: '?', ancestors: [] },
    labels,
    opaque: true,
    origin: { pointer },
  }
}

function escapePointer(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1')
}
