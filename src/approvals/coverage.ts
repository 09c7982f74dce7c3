import { canonicalJson } from '../core/canonical-json.ts'
import type { Gate } from '../core/decision.ts'
import type { Coverage, CoveredOperation, Grant } from '../core/grant.ts'
import type { Digest, TaskId, TenantId } from '../core/ids.ts'
import type { JsonObject } from '../core/json.ts'
import type { Operation } from '../core/operation.ts'
import type { ToolCall } from '../core/tool-call.ts'

/** What lasts must have been shown whole: a prompt folds arguments, in UTF-16 code units, and operations beyond these. */
const MOST_ARGUMENTS = 1_200
const MOST_OPERATIONS = 20

export interface CoverableCall {
  readonly tenant: TenantId
  readonly task: TaskId
  readonly call: ToolCall
  readonly operations: readonly Operation[]
  /** Names of arguments that only describe the call to people. */
  readonly notes: readonly string[]
}

/**
 * The work of a call, as far as it may be agreed to for longer than once: the same tool with the same definition,
 * arguments and folder, doing exactly the same. Arguments belong to it because operations are coarser than work is:
 * `npm test` and `npm run deploy` both run code of the repository.
 * @returns undefined for a call that is not understood whole, is obfuscated, too long to be shown whole, or has no canonical form.
 */
export function coverageOf(
  { tenant, task, call, operations, notes }: CoverableCall,
  sha256: (text: string) => Digest,
): Coverage | undefined {
  if (operations.length === 0 || operations.length > MOST_OPERATIONS) return undefined
  if (operations.some(isUnreadable)) return undefined
  const covered = operations.map(coveredOperation)
  // A note is text; anything else under its name is an argument like any other.
  const told = notes.filter((name) => typeof call.arguments[name] === 'string')
  const relevant = withoutNotes(call.arguments, told)
  try {
    if (canonicalJson(relevant).length > MOST_ARGUMENTS) return undefined
    const text = canonicalJson({
      '': 'remit-grant-1',
      ...sameCall({ tenant, task, call }),
      arguments: relevant,
      operations: covered.map(({ action, resource, labels }) => ({
        action,
        resource: { ...resource },
        labels,
      })),
    })
    return {
      digest: sha256(text),
      operations: covered,
      arguments: relevant,
      notes: told,
    }
  } catch {
    return undefined
  }
}

/** What of a call is the same however far consent goes. */
export function sameCall({
  tenant,
  task,
  call,
}: Pick<CoverableCall, 'tenant' | 'task' | 'call'>): JsonObject {
  return {
    tenant,
    task,
    door: call.door,
    server: call.server,
    kind: call.kind,
    tool: call.tool,
    definition: call.definition?.digest ?? null,
    fileSystem: call.fileSystem,
    root: call.root ?? null,
  }
}

/** Whether a call that stands before these gates may be agreed to for the rest of its task. */
export function mayLast(gates: readonly Gate[]): boolean {
  // INVARIANT: lint refuses `@grant` elsewhere; a set that came past it is not believed.
  return (
    gates.length > 0 &&
    gates.every(({ grant, severity, quorum }) => grant === 'task' && severity !== 'high' && quorum === 1)
  )
}

/** Whether the approvers of the grant have closed each of these gates, as it stands now. */
export function closesAll(grant: Grant, gates: readonly Gate[]): boolean {
  return mayLast(gates) && gates.every((gate) => grant.gates.some((closed) => isSameGate(closed, gate)))
}

const SAME = [
  'policy',
  'scope',
  'by',
  'escalateTo',
  'escalateAfter',
  'delegator',
  'grant',
  'quorum',
  'severity',
] as const

/** Whether one gate asks for the same as the other, of the same people, for the same rule. */
export function isSameGate(closed: Gate, gate: Gate): boolean {
  return SAME.every((name) => closed[name] === gate[name])
}

function isUnreadable({ opaque, labels }: Operation): boolean {
  return (
    opaque || labels.includes('obfuscated') || labels.includes('unclassified') || labels.includes('inferred')
  )
}

function coveredOperation({ action, resource, labels }: Operation): CoveredOperation {
  return { action, resource: { type: resource.type, id: resource.id }, labels: labels.toSorted() }
}

function withoutNotes(input: JsonObject, notes: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(input).filter(([name]) => !notes.includes(name)))
}
