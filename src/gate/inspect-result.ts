import type { JsonSearch, SecretScanner } from '../classify/secrets/secret-scanner.ts'
import { redactJson, redactionOf } from '../classify/secrets/redact-secrets.ts'
import type { Obligation } from '../core/decision.ts'
import type { Json, JsonObject } from '../core/json.ts'
import { pointerStep, valueAt } from '../core/json-pointer.ts'
import type { Label } from '../core/labels.ts'
import type { Operation } from '../core/operation.ts'
import type { Inspection, SecretSpan } from '../core/outcome.ts'

/** UTF-16 code units of a result that are searched; of a larger one nobody knows what it holds. */
const MAX_INSPECTED = 8_388_608

/** Labels of what others may have written, wherever an operation of the call met them. */
const FROM_ELSEWHERE: readonly Label[] = ['outside-workspace', 'unresolved', 'unclassified', 'inferred']

/** Families of actions whose answers come from the workspace, which the human’s own project is. */
const LOCAL = new Set(['file', 'code', 'shell', 'process', 'tool', 'control'])
const LOCAL_ACTIONS = new Set(['git.read', 'git.commit', 'git.branch', 'git.rewrite', 'git.delete'])

/**
 * Whether the answer to a call may hold text from somebody other than the delegating human. Only an answer that came
 * from the workspace alone, by operations that were understood whole, does not.
 */
export function bringsUntrusted(operations: readonly Operation[]): boolean {
  const targets = operations.filter(({ action }) => action !== 'tool.call')
  if (targets.length === 0) return true
  return operations.some(
    ({ action, labels, opaque }) =>
      opaque ||
      FROM_ELSEWHERE.some((label) => labels.includes(label)) ||
      !(LOCAL.has(action.split('.', 1)[0] ?? '') || LOCAL_ACTIONS.has(action)),
  )
}

export interface InspectionRequest {
  readonly scanner: Pick<SecretScanner, 'searchSteps' | 'remember'>
  /** The root task, whose known secrets count. */
  readonly tree: string
  readonly untrusted: boolean
  readonly obligations: readonly Obligation[]
}

/** What may go on, and what may be kept: `answer` is absent when policy has it withheld. */
export interface InspectedResult {
  readonly answer: JsonObject | undefined
  readonly kept: JsonObject | undefined
  readonly inspection: Inspection
}

/**
 * Searches all text of a result, in steps between which other calls run; what is found becomes known to the tree. The
 * record gets a redacted copy whatever policy says. Never rejects: what could not be inspected is withheld where
 * policy wants something done about secrets, and counts as holding some.
 */
export async function inspectResult(
  result: JsonObject,
  request: InspectionRequest,
): Promise<InspectedResult> {
  const { scanner, tree } = request
  try {
    const search = await searchInSteps(scanner, result, tree)
    for (const [value, kind] of valuesOf(result, search.finds)) scanner.remember(value, kind, tree)
    return conclude(result, search, request)
  } catch {
    return conclude(result, { finds: [], complete: false }, request)
  }
}

/** Lets other calls run after every piece. */
export async function searchInSteps(
  scanner: Pick<SecretScanner, 'searchSteps'>,
  value: Json,
  tree: string,
): Promise<JsonSearch> {
  const steps = scanner.searchSteps(value, { limit: MAX_INSPECTED, tree })
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done === true) return step.value
    await new Promise((resolve) => setImmediate(resolve))
  }
}

function conclude(
  result: JsonObject,
  { finds, complete }: JsonSearch,
  { obligations, untrusted }: InspectionRequest,
): InspectedResult {
  const suspect = finds.length > 0 || !complete
  const labels: Label[] = [
    ...(suspect ? ['secret' as const] : []),
    ...(untrusted ? ['untrusted' as const] : []),
  ]
  const redacted = complete ? redactJson(result, finds) : undefined
  const withhold = obligations.includes('withhold-secrets') || (!complete && obligations.length > 0)
  const handled = !suspect || obligations.length === 0 ? 'none' : withhold ? 'withheld' : 'redacted'
  const answer = handled === 'none' ? result : handled === 'redacted' ? redacted : undefined
  const secrets = namelessPointers(result, finds)
  return { answer, kept: redacted, inspection: { labels, secrets, complete, handled } }
}

/** The found texts, each with what it is a secret of. */
export function valuesOf(value: Json, finds: readonly SecretSpan[]): ReadonlyMap<string, string> {
  const values = new Map<string, string>()
  for (const { pointer, start, end, kind } of finds) {
    const text = stringAt(value, pointer)?.slice(start, end)
    if (text !== undefined) values.set(text, kind)
  }
  return values
}

/** Where a secret is the name of a member, the way to it must not tell it. */
export function namelessPointers(value: Json, finds: readonly SecretSpan[]): readonly SecretSpan[] {
  if (!finds.some(({ pointer }) => pointer.endsWith('#'))) return finds
  const names = [...valuesOf(value, finds)]
  return finds.map((find) => ({
    ...find,
    pointer: names.reduce(
      (pointer, [text, kind]) => pointer.replaceAll(pointerStep(text), redactionOf(kind)),
      find.pointer,
    ),
  }))
}

/** A name of a member is marked by a `#` behind its own pointer. */
function stringAt(root: Json, pointer: string): string | undefined {
  if (pointer.endsWith('#')) {
    const step = pointer.slice(pointer.lastIndexOf('/') + 1, -1)
    return step.replaceAll('~1', '/').replaceAll('~0', '~')
  }
  const value = valueAt(root, pointer)
  return typeof value === 'string' ? value : undefined
}
