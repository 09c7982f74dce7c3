import { asRemitError } from '../../core/errors.ts'
import type { JsonObject } from '../../core/json.ts'
import type { DoorContext } from '../door-context.ts'
import { exposeUris } from '../expose-uris.ts'
import type { AllowedCall } from '../mediation.ts'
import type { Naming } from '../names.ts'
import { refusal } from '../refuse-call.ts'

/** What of a task's result its client may have: inspected as the result of any call, under this endpoint's names. */
export async function showResult(
  door: DoorContext,
  of: { readonly allowed: AllowedCall; readonly naming: Naming; readonly result: JsonObject },
): Promise<JsonObject> {
  const { call } = of.allowed.mediation
  try {
    const inspected = await door.deps.gate.inspect(of.allowed.verdict.decisionId, of.result)
    return of.naming.bareUris ? inspected : exposeUris(of.naming, call.server, inspected)
  } catch (thrown) {
    return refusal(call, asRemitError(thrown), {})
  }
}
