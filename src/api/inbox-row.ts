import type { Approval } from '../core/approval.ts'
import type { Gate } from '../core/decision.ts'
import { gravest } from '../core/gravest.ts'
import { foldText, visibleText } from '../core/visible-text.ts'
import type { InboxRow } from './console-contract.ts'

/** What an inbox shows of a request: not the text that is decided about, which `GET /approvals/:id` has. */
export function inboxRow(approval: Approval): InboxRow {
  const { id, state, server, tool, human, task, created, expires, gates, votes, prompt } = approval
  return {
    id,
    state,
    server,
    tool: visibleText(foldText(tool, 80, 20)),
    human,
    task,
    created,
    expires,
    severity: gravest(gates),
    gates: gates.map(({ scope, by, quorum, ...gate }) => {
      const given = new Set(votes.filter(({ gate }) => gate === scope).map((vote) => vote.human)).size
      return { scope, quorum, given, ...(by === undefined ? {} : { by }), ...escalation(gate) }
    }),
    happens: firstLineOf(prompt, 'What would happen'),
    intent: firstLineOf(prompt, 'Intent'),
  }
}

function escalation({
  escalateTo,
  escalateAfter,
}: Pick<Gate, 'escalateTo' | 'escalateAfter'>): Pick<Gate, 'escalateTo' | 'escalateAfter'> {
  return escalateTo === undefined || escalateAfter === undefined ? {} : { escalateTo, escalateAfter }
}

/** Titles stand at the margin and their lines do not, whatever an agent writes. */
function firstLineOf(prompt: string, title: string): string {
  const lines = prompt.split('\n')
  const at = lines.findIndex((line) => line.startsWith(title))
  return at < 0 ? '' : foldText((lines[at + 1] ?? '').trim().replace(/^- /, ''), 140, 60)
}
