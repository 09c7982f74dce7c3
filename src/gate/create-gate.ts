import { flagTexts } from '../classify/definitions/flag-definition.ts'
import { authorizeToolCall } from './authorize-tool-call.ts'
import { awaitApproval } from './await-approval.ts'
import type { Gate } from './gate.ts'
import type { GateDeps } from './gate-deps.ts'
import { identify } from './identify.ts'
import { visibleItems } from './list-items.ts'
import { visibleTools } from './list-tools.ts'
import { RememberedLists } from './remembered-lists.ts'
import { recordUnrouted } from './record-unrouted.ts'
import { inspectAnswer, inspectNotice } from './inspect-answer.ts'
import { OpenCalls } from './open-calls.ts'
import { recordOutcome } from './record-outcome.ts'
import { stopEndedCalls } from './stop-calls.ts'

/** The gate over its ports. One for a process, shared by all doors. */
export function createGate(deps: GateDeps): Gate {
  const open = new OpenCalls()
  const lists = new RememberedLists()
  deps.events.onAuthorityEnded(() => {
    stopEndedCalls(deps, open).catch((error: unknown) => {
      deps.log.log('error', 'gate.stopping_failed', { reason: String(error) })
    })
  })
  return {
    identify: (token, showing) => identify(deps, token, showing),
    authorize: (caller, call) => authorizeToolCall(deps, open, caller, call),
    recordUnrouted: (caller, call, error) => recordUnrouted(deps, caller, call, error),
    inspect: (decision, result) => inspectAnswer(deps, open, decision, result),
    screen: (decision, params) => inspectNotice(deps, open, decision, params),
    settle: (decision, outcome) => recordOutcome(deps, open, decision, outcome),
    scan: flagTexts,
    see: (server, tools) => deps.pins.see(server, tools),
    visible: (caller, tools, correlation) => visibleTools(deps, lists, { caller, tools, correlation }),
    visibleItems: (caller, list) => visibleItems(deps, caller, list),
    awaitApproval: (caller, id, wait) => awaitApproval(deps, caller, id, wait),
    onListChanged: (listener) => deps.events.onListChanged(listener),
    onAuthorityEnded: (listener) => deps.events.onAuthorityEnded(listener),
  }
}
