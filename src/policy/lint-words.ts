import { LABELS } from '../core/labels.ts'
import { ENVIRONMENTS, type TaskOrigin, TASK_STATES } from '../core/identity.ts'
import { isJsonObject, type Json } from '../core/json.ts'
import { SEVERITIES } from '../core/decision.ts'
import { LOOP_STATES } from '../core/loop.ts'
import { SCOPE_DIMENSIONS } from '../core/scope.ts'
import { CALL_KINDS, type Door } from '../core/tool-call.ts'
import { closestWord } from '../core/closest-word.ts'

/** A literal that stands where only a word of a closed vocabulary can ever hold. */
export interface UnknownWord {
  readonly word: string
  readonly message: string
  readonly help: string
}

interface Vocabulary {
  readonly what: string
  readonly words: readonly string[]
}

const LABEL: Vocabulary = { what: 'label', words: Object.keys(LABELS) }
const ENVIRONMENT: Vocabulary = { what: 'environment', words: ENVIRONMENTS }

const DOORS: Readonly<Record<Door, true>> = {
  mcp: true,
  hook: true,
  egress: true,
  authzen: true,
  workspace: true,
}
const ORIGINS: Readonly<Record<TaskOrigin, true>> = {
  'human-session': true,
  workload: true,
  'stored-credential': true,
  'parent-task': true,
  evaluation: true,
}

/** Attributes whose values are words that the gateway makes, by path. */
const VOCABULARIES = new Map<string, Vocabulary>([
  ['resource.labels', LABEL],
  ['context.callLabels', LABEL],
  ['context.provenance', LABEL],
  ['context.history.labels', LABEL],
  ['context.environment', ENVIRONMENT],
  ['principal.environment', ENVIRONMENT],
  ['principal.origin', { what: 'origin of a task', words: Object.keys(ORIGINS) }],
  ['context.door', { what: 'door', words: Object.keys(DOORS) }],
  ['context.kind', { what: 'kind of call', words: CALL_KINDS }],
  ['context.protection', { what: 'protection', words: ['advisory', 'enforced'] }],
  ['context.taskState', { what: 'state of a task', words: [...TASK_STATES, 'halted'] }],
  ['context.loop', { what: 'word about loops', words: LOOP_STATES }],
  ['context.outside', { what: 'dimension of a scope', words: SCOPE_DIMENSIONS }],
  ['resource.severity', { what: 'severity', words: SEVERITIES }],
])

const COMPARISONS = new Set(['==', '!=', 'contains', 'containsAny', 'containsAll'])

/**
 * Words that no fact can have: a misspelt label makes a rule that never holds, and a forbid that never holds is an
 * open door which no type checker sees.
 */
export function unknownWords(expression: Json): readonly UnknownWord[] {
  if (Array.isArray(expression)) return (expression as readonly Json[]).flatMap(unknownWords)
  if (!isJsonObject(expression)) return []
  return Object.entries(expression).flatMap(([operator, body]) => [
    ...(COMPARISONS.has(operator) && isJsonObject(body) ? compared(body['left'], body['right']) : []),
    ...unknownWords(body),
  ])
}

function compared(left: Json | undefined, right: Json | undefined): readonly UnknownWord[] {
  return [...misspelt(pathOf(left), right), ...misspelt(pathOf(right), left)]
}

function misspelt(path: string | undefined, literals: Json | undefined): readonly UnknownWord[] {
  const vocabulary = VOCABULARIES.get(path ?? '')
  if (vocabulary === undefined) return []
  return literalsOf(literals)
    .filter((word) => !vocabulary.words.includes(word))
    .map((word) => unknownWord(word, vocabulary))
}

function unknownWord(word: string, { what, words }: Vocabulary): UnknownWord {
  const meant = closestWord(word, words)
  const help = meant === undefined ? `known are ${words.join(', ')}` : `did you mean \`${meant}\`?`
  return { word, message: `\`${word}\` is no ${what}, so nothing ever has it`, help }
}

/** `context.history.labels` of an attribute of a variable. */
function pathOf(expression: Json | undefined): string | undefined {
  if (!isJsonObject(expression)) return undefined
  const { Var: variable, '.': access } = expression
  if (typeof variable === 'string') return variable
  if (!isJsonObject(access)) return undefined
  const [of, attribute] = [pathOf(access['left']), access['attr']]
  return of === undefined || typeof attribute !== 'string' ? undefined : `${of}.${attribute}`
}

/** The strings of a literal or of a set of literals. */
function literalsOf(expression: Json | undefined): readonly string[] {
  if (!isJsonObject(expression)) return []
  const { Value: value, Set: items } = expression
  if (typeof value === 'string') return [value]
  return Array.isArray(items) ? (items as readonly Json[]).flatMap(literalsOf) : []
}
