import type { GrantOffer } from '../core/approval.ts'
import type { Decision, DelegatorMay, Gate } from '../core/decision.ts'
import type { SessionFacts } from '../core/facts.ts'
import type { Digest } from '../core/ids.ts'
import type { Human, Task, TaskChain } from '../core/identity.ts'
import type { Json, JsonObject } from '../core/json.ts'
import type { Operation } from '../core/operation.ts'
import type { ToolCall } from '../core/tool-call.ts'
import { type CallPart, partLines } from './call-parts.ts'
import { durationText } from '../core/escalation.ts'
import { describeOperation } from './describe-operation.ts'
import { historyLines } from './history-lines.ts'
import { intentSections } from './intent-sections.ts'
import { provenanceLines, type Provenance } from './provenance-lines.ts'
import { offerLines } from './offer-lines.ts'
import { lineDiff } from './line-diff.ts'
import { textSections, worldSection } from './show-world.ts'
import { MOST_SHOWN } from '../core/world.ts'
import type { SeenWorld } from './world.ts'
import { foldLines, foldText, visibleLine, visibleText } from '../core/visible-text.ts'

export interface PromptInput {
  readonly chain: TaskChain
  readonly human: Human
  readonly call: ToolCall
  readonly operations: readonly Operation[]
  readonly gates: readonly Gate[]
  /** Milliseconds since the epoch. */
  readonly expires: number
  readonly digest: Digest
  /** Of a command line each command, without its secrets. */
  readonly parts?: readonly CallPart[]
  /** What the tree of tasks had done. */
  readonly history?: SessionFacts
  /** Where its arguments were met before; absent = nobody looked. */
  readonly provenance?: Provenance
  /** What the approver may agree to beyond this call. */
  readonly offer?: GrantOffer
  /** What rules that are only observed would have done. */
  readonly observed?: Decision['observed']
  /** What the arguments stand for; absent = nobody looked. */
  readonly world?: SeenWorld
  /** Why an earlier agreement no longer counts. */
  readonly again?: string
  /** Content of the file that the call edits, now and as it would be. */
  readonly before?: string
  readonly after?: string
}

const MAX_OPERATIONS = 40
const MAX_DEPTH = 32

/**
 * What an approver reads: plain text, the same for every way of delivery, kept as evidence. Every part says whose
 * words it holds; what comes from the agent or a server is shown so that it cannot pass for Remit's own text.
 */
export function renderPrompt(input: PromptInput): string {
  const { chain, human, call, gates } = input
  const intents = intentSections(chain)
  const sections: readonly (readonly [string, readonly string[]])[] = [
    ['Why you are asked (Remit, from its policies)', gates.flatMap(gateLines)],
    ...againSection(input),
    ...observedSection(input),
    ['Who delegated (known to Remit)', delegatorLines(human, chain)],
    ...intents.human,
    ['Agent and chain, root first (known to Remit)', chainLines(chain)],
    ['What would happen (Remit, from the arguments)', operationLines(input.operations)],
    ...partSection(input),
    ...intents.claimed,
    [
      `Exact arguments (the agent’s own claim)`,
      [`${callName(call)} with`, ...argumentLines(call.arguments, isOpaque(input))],
    ],
    ...changeSection(input),
    ...textSections(input.world),
    ...worldSection(input.world),
    ...historySection(input),
    ...provenanceSection(input),
    ...descriptionSection(call),
    ['What your answer does', answerLines(input)],
  ]
  return sections
    .map(([title, lines]) => `${title}\n${lines.map((line) => `  ${line}\n`).join('')}`)
    .join('\n')
}

function gateLines(gate: Gate): readonly string[] {
  const who =
    gate.by === undefined
      ? 'anybody whom policy lets approve'
      : `somebody of \`${visibleText(gate.by)}\`${laterText(gate)}`
  const people = gate.quorum === 1 ? who : `${gate.quorum} different people: ${who}`
  return [
    `- ${visibleText(gate.reason)}`,
    `    policy \`${visibleText(gate.policy)}\`, consent \`${visibleText(gate.scope)}\`, severity ${gate.severity}; needs ${people}; the human who delegated ${DELEGATOR[gate.delegator ?? 'never']}`,
  ]
}

function laterText({ escalateTo, escalateAfter }: Gate): string {
  if (escalateTo === undefined || escalateAfter === undefined) return ''
  return ` (or, after ${durationText(escalateAfter)} or when nobody of them is there, of \`${visibleText(escalateTo)}\`)`
}

function againSection({ again }: PromptInput): readonly (readonly [string, readonly string[]])[] {
  return again === undefined ? [] : [['Why you are asked again (Remit)', [visibleText(again)]]]
}

function observedSection({ observed }: PromptInput): readonly (readonly [string, readonly string[]])[] {
  if (observed === undefined) return []
  const rules = observed.policies.map((id) => `\`${visibleText(id)}\``).join(', ')
  const would = observed.effect === 'deny' ? 'denied it' : 'asked for more'
  return [
    [
      'Only observed for now (Remit)',
      [`rules that are not enforced would have ${would}: ${rules === '' ? 'nothing permits it' : rules}`],
    ],
  ]
}

const DELEGATOR: Readonly<Record<DelegatorMay | 'never', string>> = {
  never: 'may not approve it',
  alone: 'may approve it on a laptop where nobody else is enrolled',
  yes: 'may approve it',
}

function delegatorLines(human: Human, { task }: TaskChain): readonly string[] {
  const list = (names: readonly string[]) => names.map(visibleText).join(', ') || 'none'
  return [
    `${visibleText(human.id)} (teams: ${list(human.teams)}; roles: ${list(human.roles)})`,
    `workflow ${visibleText(task.workflow)}, environment ${task.environment}${task.environmentProved ? '' : ' (claimed, not proved)'}`,
  ]
}

function chainLines({ task, ancestors }: TaskChain): readonly string[] {
  const line = ({ agent, id, workflow }: Task) =>
    `${visibleText(agent.kind)} \`${visibleText(agent.id)}\`, task ${visibleText(id)} (${visibleText(workflow)})`
  return [...ancestors]
    .toReversed()
    .concat(task)
    .map((one, depth) => `${'  '.repeat(depth)}▸ ${line(one)}`)
}

function operationLines(operations: readonly Operation[]): readonly string[] {
  // The first is the call itself; it is said with the arguments unless there is nothing else to say.
  const shown = operations.length > 1 && operations[0]?.opaque === false ? operations.slice(1) : operations
  return foldLines(shown.flatMap(describeOperation), MAX_OPERATIONS * 2, MAX_OPERATIONS)
}

function callName(call: ToolCall): string {
  return `${call.kind} \`${visibleText(foldText(call.tool, 300, 100))}\` of server \`${call.server}\` through ${call.door}`
}

/** What Remit does not understand is shown whole, since people are all who read it. */
function argumentLines(input: JsonObject, whole: boolean): readonly string[] {
  if (whole) return JSON.stringify(input, undefined, 2).split('\n').flatMap(readableLines)
  const text = JSON.stringify(foldValue(input, 0), undefined, 2)
  return foldLines(text.split('\n').map(visibleText), 160, 80)
}

function isOpaque({ operations, call }: PromptInput): boolean {
  return operations.some(({ opaque }) => opaque) && JSON.stringify(call.arguments).length <= MOST_SHOWN
}

/** Lines of a text that stands in one string of JSON, each on a line of its own. */
function readableLines(line: string): readonly string[] {
  return line.split(/(?<=[^\\]\\n)/).map((part, at) => (at === 0 ? '' : '    ') + visibleText(part))
}

/** Long strings keep both their ends; nesting deeper than anybody reads is cut and says so. */
function foldValue(value: Json, depth: number): Json {
  if (typeof value === 'string') return foldText(value, 1200, 600)
  if (typeof value !== 'object' || value === null) return value
  if (depth >= MAX_DEPTH) return '…[nested too deeply to show]…'
  if (Array.isArray(value)) return value.map((item: Json) => foldValue(item, depth + 1))
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [foldText(key, 200, 100), foldValue(item, depth + 1)]),
  )
}

function changeSection({ before, after }: PromptInput): readonly (readonly [string, readonly string[]])[] {
  if (after === undefined) return []
  const title = before === undefined ? 'New file (the agent’s text)' : 'Change (− now, + the agent’s text)'
  const lines = lineDiff(before ?? '', after).map((line) => visibleLine(foldText(line, 400, 200)))
  return [[title, lines.length === 0 ? ['no change'] : foldLines(lines, 200, 120)]]
}

function partSection({ parts = [] }: PromptInput): readonly (readonly [string, readonly string[]])[] {
  if (parts.length === 0) return []
  return [['Taken apart (the agent’s text, and what Remit makes of each piece)', partLines(parts)]]
}

function historySection({ history }: PromptInput): readonly (readonly [string, readonly string[]])[] {
  if (history === undefined) return []
  return [['What this task and those around it did before (known to Remit)', historyLines(history)]]
}

function provenanceSection({ provenance }: PromptInput): readonly (readonly [string, readonly string[]])[] {
  if (provenance === undefined) return []
  return [
    ['Where its arguments were met before (Remit, from what is on record)', provenanceLines(provenance)],
  ]
}

function descriptionSection({ definition }: ToolCall): readonly (readonly [string, readonly string[]])[] {
  if (definition?.description === undefined) return []
  return [
    [
      'The tool, in its server’s own words (a claim)',
      [`"${visibleText(foldText(definition.description, 400, 200))}"`],
    ],
  ]
}

function answerLines({ expires, digest, offer, world }: PromptInput): readonly string[] {
  return [
    'approve: exactly this call may run once; if anything in it changes, you are asked again',
    ...(offer === undefined ? [] : offerLines(offer, world)),
    'refuse: it does not run, and your reason is told to the agent',
    `no answer by ${new Date(expires).toISOString()}: it does not run`,
    `call ${digest}`,
  ]
}
