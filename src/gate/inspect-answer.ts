import { redactText } from '../classify/secrets/redact-secrets.ts'
import { RemitError } from '../core/errors.ts'
import type { DecisionId } from '../core/ids.ts'
import type { JsonObject } from '../core/json.ts'
import { bodyOf } from '../core/large-json.ts'
import type { Label } from '../core/labels.ts'
import { redactJson } from '../classify/secrets/redact-secrets.ts'
import { rootIncrements } from './build-records.ts'
import type { GateDeps } from './gate-deps.ts'
import { rootOf } from './gather-facts.ts'
import { inspectLarge } from './inspect-large.ts'
import { bringsUntrusted, inspectResult, type InspectedResult } from './inspect-result.ts'
import type { OpenCall, OpenCalls } from './open-calls.ts'

/** UTF-16 code units of a notification that are searched; a longer one is not handed on where policy cares. */
const MAX_NOTICE = 65_536

/**
 * Step 7. What may leave of an upstream’s result; its labels are durable by then, so that the next call is decided with
 * them.
 * @throws RemitError `result_withheld`, `internal` for a call that is not out.
 */
export async function inspectAnswer(
  deps: GateDeps,
  open: OpenCalls,
  id: DecisionId,
  result: JsonObject,
): Promise<JsonObject> {
  const call = open.get(id)
  if (call === undefined) throw new RemitError('internal', 'a result came of a call that is not out')
  const { answer, inspection } = await inspect(deps, call, result)
  await addLabels(deps, call, inspection.labels)
  if (answer !== undefined) return answer
  const why = inspection.complete ? 'it holds secrets' : 'it could not be searched for secrets'
  throw new RemitError(
    'result_withheld',
    `the call ran, but its result is withheld because ${why}; ask for less of it, or ask the human`,
  )
}

/** The result of an open call, inspected once. */
export async function inspect(deps: GateDeps, call: OpenCall, result: JsonObject): Promise<InspectedResult> {
  const { decided } = call
  const request = {
    tree: rootOf(decided.caller.chain).id,
    untrusted: bringsUntrusted(decided.classification.operations),
    obligations: decided.decision.obligations,
  }
  const body = bodyOf(result)
  const inspected =
    body?.kind === 'response'
      ? await inspectLarge(deps, body.bytes, request)
      : await inspectResult(result, { ...request, scanner: deps.scanner })
  call.inspected = inspected
  return inspected
}

/** What a server says while it works, as far as it may be handed on; `undefined` = not at all. */
export function inspectNotice(
  { scanner }: GateDeps,
  open: OpenCalls,
  id: DecisionId | undefined,
  params: JsonObject,
): JsonObject | undefined {
  const call = id === undefined ? undefined : open.get(id)
  if (id !== undefined && call === undefined) return undefined
  const obligations = call?.decided.decision.obligations ?? ['redact-secrets']
  const tree = call === undefined ? undefined : rootOf(call.decided.caller.chain).id
  const { finds, complete } = scanner.searchJson(params, { limit: MAX_NOTICE, tree })
  if (call !== undefined && (finds.length > 0 || !complete)) call.toldSecret = true
  if (obligations.length === 0) return params
  if (!complete || (finds.length > 0 && obligations.includes('withhold-secrets'))) return undefined
  return redactJson(params, finds)
}

/** Text of an error without its secrets. */
export function scrubText({ scanner }: GateDeps, text: string, tree: string): string {
  return redactText(text, scanner.search(text, tree).finds)
}

async function addLabels(deps: GateDeps, call: OpenCall, found: readonly Label[]): Promise<void> {
  const { caller, facts } = call.decided
  const all = call.toldSecret === true ? [...found, 'secret' as const] : found
  const labels = [...new Set(all)].filter((label) => !facts.history.labels.includes(label))
  if (labels.length === 0) return
  await deps.journal.commit({ records: [], changes: [rootIncrements(caller, { labels })] })
}
