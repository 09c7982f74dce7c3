import { homedir } from 'node:os'
import { posix } from 'node:path'
import type { Action } from '../core/actions.ts'
import type { ServerKey } from '../core/ids.ts'
import type { Json, JsonObject } from '../core/json.ts'
import type { Label } from '../core/labels.ts'
import type { Operation } from '../core/operation.ts'
import type { ResourceType } from '../core/resource.ts'
import type { ToolCall } from '../core/tool-call.ts'
import type { FactDeclaration } from '../core/typed-facts.ts'
import { asksForSecret } from './asks-for-secret.ts'
import { AGENTS } from './catalogue/agents.ts'
import type { ToolEffect, ToolEntry } from './catalogue/entry.ts'
import { labelCommits, type ChangedPaths } from './changed-paths.ts'
import type { Classification, ClassifyContext, Classifier } from './classify.ts'
import { createLabeller, labelsOfPath, type LabelRule } from './configured-labels.ts'
import { createControlMatcher, type ControlMatcher, type ControlPaths } from './control-paths.ts'
import { describeFacts, describeTools, reviewedEntry, type ServerDescription } from './describe-tools.ts'
import { unknownCall } from './extract-calls.ts'
import { extractorOf, type ExtractionContext } from './extract.ts'
import { extractPath } from './extract-paths.ts'
import { collectionOperations } from './extract-records.ts'
import { readFacts, unreadableFacts, withHidden } from './facts/read-facts.ts'
import { NODE_FILE_SYSTEM, type FileSystem } from './file-system.ts'
import { inferCall, inferOperations } from './infer.ts'
import { inferTool, type DescribedTool } from './inference/infer-tool.ts'
import type { InnerCall } from './inner-calls.ts'
import { markElsewhere } from './mark-elsewhere.ts'
import { markSecrets, MAX_ARGUMENTS } from './mark-secrets.ts'
import { previewEdit } from './preview-edit.ts'
import { gatherReferents } from './referents/gather-referents.ts'
import type { ReadCall, Referents } from './referents/referents.ts'
import type { StartedProgram } from './referents/started-program.ts'
import { USUAL_FORGES, type ForgeHosts } from './repository/forge-hosts.ts'
import { Repositories } from './repository/repositories.ts'
import { SecretScanner, type JsonSearch } from './secrets/secret-scanner.ts'
import { lookOnce } from './look-once.ts'
import { loadSqlParser } from './sql/parser.ts'
import { targetless } from './targetless.ts'
import { markWeakening } from './weakening/mark-weakening.ts'

export interface ClassifierOptions {
  readonly servers: ReadonlyMap<ServerKey, ServerDescription>
  readonly control: ControlPaths
  readonly fs?: FileSystem
  /** Folder that `~` means; default the gateway’s own user’s. */
  readonly home?: string
  /** Hosts whose repositories are known as `owner/name`; default github.com and gitlab.com. */
  readonly forges?: ForgeHosts
  /** Absent = nobody looks into commits, so that every push is opaque. */
  readonly changedPaths?: ChangedPaths
  /** `shipped` = a server that is not configured may be the kind of an agent, whose built-in tools are known. */
  readonly agents?: 'shipped'
  /** Labels that the configuration adds, by what things are called. */
  readonly labels?: readonly LabelRule[]
  /** What a reviewer said that a tool does: less than configuration says, more than the catalogue. */
  readonly reviewed?: (server: string, tool: string) => readonly Action[] | undefined
  /** Knows secrets by their value too; default one that knows none. */
  readonly scanner?: SecretScanner
}

interface Machine {
  readonly fs: FileSystem
  readonly home: string
  readonly control: ControlMatcher
  readonly forges: ForgeHosts
}

/** @throws RemitError `config_invalid` for a catalogue, action or kind of argument that does not exist. */
export function createClassifier(options: ClassifierOptions): Classifier {
  // Beside start-up: SQL that comes before it is there is asked about.
  void loadSqlParser()
  const fs = options.fs ?? NODE_FILE_SYSTEM
  const home = options.home ?? homedir()
  const machine: Machine = {
    fs,
    home,
    control: createControlMatcher(options.control, fs),
    forges: options.forges ?? USUAL_FORGES,
  }
  const scanner = options.scanner ?? new SecretScanner()
  const tools = new Map<string, ReadonlyMap<string, ToolEntry>>()
  const facts = new Map<string, ReadonlyMap<string, readonly FactDeclaration[]>>()
  for (const [server, description] of options.servers) {
    tools.set(server, describeTools(server, description))
    facts.set(server, describeFacts(description))
  }
  const toolsOf = (server: string) =>
    tools.get(server) ?? (options.agents === 'shipped' ? AGENTS.get(server) : undefined)
  const entryOf = (server: string, tool: string): ToolEntry | undefined => {
    const entry = toolsOf(server)?.get(tool)
    const actions = options.reviewed?.(server, tool)
    const configured = options.servers.get(server as ServerKey)?.tools?.[tool]?.actions
    return actions === undefined || configured !== undefined ? entry : reviewedEntry(entry, actions)
  }
  const rules = options.labels ?? []
  const label = createLabeller(rules)
  return {
    classify(call, context) {
      const declared = call.kind === 'tool' ? facts.get(call.server)?.get(call.tool) : undefined
      try {
        const entry = entryOf(call.server, call.tool)
        const nested: Nested = { left: MAX_INNER, calls: [] }
        const surroundings = withInner(call, contextOf(call, context, machine), { entryOf, nested })
        const found = classifyCall(call, surroundings, entry)
        const typed = factsOf(call, surroundings, { declared: facts, inside: nested.calls })
        const weakened = markWeakening(found.operations, call.arguments, surroundings)
        const placed = markElsewhere(weakened, () => sighted(call, context, machine), context.workspace)
        const weighed = label(placed, call.server)
        const secrets = searchArguments(scanner, call, context)
        return { ...found, ...typed, operations: markSecrets(weighed, secrets), secrets }
      } catch {
        // INVARIANT: a call that could not be read is the least understood of all, never an empty list.
        const operations = [callItself(call, ['unclassified', 'inferred'], true)]
        const typed = declared === undefined ? {} : { typed: unreadableFacts(declared, call) }
        return { operations, inferred: true, ...typed, secrets: searchArguments(scanner, call, context) }
      }
    },
    complete: (found) => labelCommits(found, options.changedPaths, (path) => labelsOfPath(rules, path)),
    previewEdit(call, context) {
      const edit = entryOf(call.server, call.tool)?.edit
      return edit === undefined ? undefined : previewEdit(edit, call, contextOf(call, context, machine))
    },
    referents: (call, context, operations) =>
      referentsOf({ call, operations, entryOf }, contextOf(call, context, machine)),
    actionsOf: (server, tool) => reachOf(entryOf(server, tool.name), tool),
    edition: tools,
    isDescribed: (server, tool) => entryOf(server, tool) !== undefined,
  }
}

function searchArguments(scanner: SecretScanner, call: ToolCall, { tree }: ClassifyContext): JsonSearch {
  try {
    return scanner.searchJson(call.arguments, { limit: MAX_ARGUMENTS, tree })
  } catch {
    return { finds: [], complete: false }
  }
}

type Surroundings = Omit<ExtractionContext, 'actions' | 'pointer'>

function reachOf(entry: ToolEntry | undefined, tool: DescribedTool): readonly Action[] {
  if (entry === undefined) return inferTool(tool).reach
  const effects = entry.effects.flatMap((effect) => effect.actions)
  return [...new Set([...effects, ...(entry.derived?.actions ?? [])])]
}

/** Walks the call once more, with an ear for the programs that it starts. */
function referentsOf(
  read: Pick<ReadCall, 'call' | 'operations'> & {
    readonly entryOf: (server: string, tool: string) => ToolEntry | undefined
  },
  context: Surroundings,
): Referents {
  const { call, operations, entryOf } = read
  const programs: StartedProgram[] = []
  const started = (program: StartedProgram): void => void programs.push(program)
  const surroundings = { ...context, started }
  try {
    const within = { entryOf, nested: { left: MAX_INNER, calls: [] } }
    classifyCall(call, withInner(call, surroundings, within), entryOf(call.server, call.tool))
    return gatherReferents({ call, operations, programs }, surroundings)
  } catch {
    return { files: [], commits: [], loose: ['anything: Remit could not read the call'] }
  }
}

function contextOf(
  call: ToolCall,
  { workspace }: ClassifyContext,
  { fs, home, control, forges }: Machine,
): Surroundings {
  const seen = call.fileSystem === 'shared' ? lookOnce(fs) : undefined
  return {
    server: call.server,
    fs: seen,
    workspace,
    root: call.root,
    home,
    control,
    repositories: new Repositories({ fs: seen, home, workspace, forges }),
  }
}

/**
 * The repositories of this machine. What a server sees of it says nothing: one that is far away may be told of the
 * workspace's own. An agent that is far away works elsewhere.
 */
function sighted(
  call: ToolCall,
  { workspace }: ClassifyContext,
  { fs, home, forges }: Machine,
): Repositories | undefined {
  if (call.door !== 'mcp' && call.fileSystem === 'remote') return undefined
  return new Repositories({ fs: lookOnce(fs), home, workspace, forges })
}

/** Calls inside calls are looked into so far, and are opaque beyond. */
const MAX_NESTING = 4
const MAX_INNER = 200

type DeclaredFacts = ReadonlyMap<string, ReadonlyMap<string, readonly FactDeclaration[]>>

/** Those of the call itself; a call inside it that should have some hides them. */
function factsOf(
  call: ToolCall,
  context: Surroundings,
  { declared, inside }: { readonly declared: DeclaredFacts; readonly inside: readonly ToolCall[] },
): Pick<Classification, 'typed'> {
  const own = call.kind === 'tool' ? declared.get(call.server)?.get(call.tool) : undefined
  const hidden = inside.filter(({ server, tool }) => declared.get(server)?.has(tool) === true)
  if (own === undefined && hidden.length === 0) return {}
  return { typed: withHidden(readFacts(own ?? [], call, context), hidden) }
}

/** What was found inside a call so far. */
interface Nested {
  left: number
  readonly calls: ToolCall[]
}

/** With the eye for calls that stand in the arguments. Their paths mean what those of the outer call mean. */
function withInner(
  outer: ToolCall,
  context: Surroundings,
  within: {
    readonly entryOf: (server: string, tool: string) => ToolEntry | undefined
    readonly nested: Nested
  },
  depth = 0,
): Surroundings {
  if (depth >= MAX_NESTING) return context
  const { entryOf, nested } = within
  const inner = (one: InnerCall): readonly Operation[] => {
    nested.left -= 1
    if (nested.left < 0) return [unknownCall(one.pointer)]
    const server = (one.server ?? outer.server) as ServerKey
    const { definition: _, ...rest } = outer
    const call: ToolCall = { ...rest, server, tool: one.tool, arguments: one.arguments }
    nested.calls.push(call)
    const entry = entryOf(server, one.tool)
    const { operations } = classifyCall(
      call,
      withInner(call, { ...context, server }, within, depth + 1),
      entry,
    )
    // Nobody has seen what such a tool says of itself.
    const [itself, ...others] = operations
    const named =
      entry === undefined
        ? [callItself(call, ['unclassified'], true)]
        : [itself ?? callItself(call, [], true)]
    return [...named, ...others].map((operation) => ({
      ...operation,
      origin: { ...operation.origin, pointer: `${one.pointer}${operation.origin.pointer}` },
    }))
  }
  return { ...context, inner }
}

function classifyCall(
  call: ToolCall,
  context: Surroundings,
  entry: ToolEntry | undefined,
): Omit<Classification, 'secrets'> {
  if (call.kind === 'resource') {
    return {
      operations: [callItself(call, [], false), ...readOperations(call.tool, context)],
      inferred: false,
    }
  }
  if (call.kind === 'elicitation' && asksForSecret(call.arguments)) {
    return { operations: [callItself(call, ['secret'], false)], inferred: false }
  }
  if (call.kind !== 'tool') return { operations: [callItself(call, [], false)], inferred: false }
  if (entry === undefined) {
    const { operations, understood } = inferCall(call, context)
    // Nobody has seen what an agent's own tool says of itself: its name alone vouches for nothing.
    const known = understood && !AGENTS.has(call.server)
    const itself = callItself(call, known ? [] : ['unclassified'], !known)
    return { operations: [itself, ...operations], inferred: true }
  }
  const operations = [
    ...entry.effects.flatMap((effect) => applyEffect(effect, call.arguments, context)),
    ...(entry.derived?.from(call.arguments, context) ?? []),
  ]
  const named = new Set([
    ...(entry.plain ?? []),
    ...entry.effects.flatMap(({ argument, folder }) => [argument ?? [], folder ?? []].flat()),
  ])
  const strange = entry.vouched !== true && Object.keys(call.arguments).some((name) => !named.has(name))
  const guesses = strange ? inferOperations(call.arguments, context, { skip: named }) : []
  // A tool that grew an argument since it was described may do what nobody described.
  return {
    operations: [callItself(call, [], strange), ...operations, ...guesses],
    inferred: false,
    ...(entry.notes === undefined ? {} : { notes: entry.notes }),
  }
}

function applyEffect(effect: ToolEffect, input: JsonObject, context: Surroundings): readonly Operation[] {
  const { argument, actions, kind } = effect
  if (argument === undefined) {
    const here = { ...context, actions, pointer: '' }
    return kind === 'record' ? collectionOperations(here, false) : targetless(here)
  }
  const pointer = `/${argument.replaceAll('~', '~0').replaceAll('/', '~1')}`
  const value = Object.hasOwn(input, argument) ? input[argument] : effect.fallback
  if (value === undefined && effect.optional) return []
  const extract = extractorOf(kind)
  const here = { ...startingIn(effect.folder, input, context), actions, pointer }
  // An argument that is missing is as unreadable as one of the wrong type: the server has its own default.
  if (extract === undefined || value === undefined) return targetless(here)
  if (effect.members === undefined) return extract(value, here)
  return memberValues(value, effect.members, pointer).flatMap((member) =>
    extract(member.value, { ...here, pointer: member.pointer }),
  )
}

/** With another folder to start from, when the call names one. */
function startingIn(folder: string | undefined, input: JsonObject, context: Surroundings): Surroundings {
  const named = folder !== undefined && Object.hasOwn(input, folder) ? input[folder] : undefined
  if (named === undefined || named === null || named === '') return context
  // Without a base no relative path can be placed, which makes each of them opaque.
  if (typeof named !== 'string' || /^~|\\|^[a-z]+:/i.test(named)) return { ...context, root: '/?' }
  return { ...context, root: posix.resolve(context.root ?? context.workspace ?? '/?', named) }
}

function memberValues(
  value: Json,
  members: readonly string[],
  pointer: string,
): readonly { readonly value: Json; readonly pointer: string }[] {
  // `null` names nothing, so that the extractor says it is not understood.
  if (!Array.isArray(value)) return [{ value: null, pointer }]
  return (value as readonly Json[]).flatMap((item, at) =>
    members.map((member) => {
      const object = typeof item === 'object' && item !== null && !Array.isArray(item)
      const found = object && Object.hasOwn(item, member) ? (item as JsonObject)[member] : undefined
      return { value: found ?? null, pointer: `${pointer}/${at}/${member}` }
    }),
  )
}

/** A resource that is a file of this machine is read as one. */
function readOperations(uri: string, context: Surroundings): readonly Operation[] {
  if (!/^(file:|\/|~|\.{1,2}\/|[a-z]:[\\/]|\\\\)/i.test(uri)) return []
  return extractPath(uri, { ...context, actions: ['file.read'], pointer: '' })
}

const KINDS: Readonly<Record<ToolCall['kind'], readonly [Action, ResourceType]>> = {
  tool: ['tool.call', 'Tool'],
  prompt: ['prompt.get', 'Prompt'],
  resource: ['resource.read', 'McpResource'],
  completion: ['completion.complete', 'Prompt'],
  elicitation: ['elicitation.create', 'Server'],
  sampling: ['sampling.create', 'Server'],
  roots: ['roots.list', 'Server'],
}

function callItself(call: ToolCall, labels: readonly Label[], opaque: boolean): Operation {
  const [action, usual] = KINDS[call.kind]
  // A completion is of a prompt or of a template of resources, which has a scheme.
  const type = call.kind === 'completion' && /^[a-z][a-z0-9+.-]*:/i.test(call.tool) ? 'McpResource' : usual
  const id = type === 'McpResource' ? call.tool : `${call.server}/${call.tool}`
  const resource =
    type === 'Server'
      ? { type, id: call.server, ancestors: [] }
      : { type, id, ancestors: [{ type: 'Server' as const, id: call.server }] }
  return {
    action,
    resource,
    labels,
    opaque,
    origin: { pointer: '' },
  }
}
