import { escapeHtml, html } from './plain-page.ts'
import type { ApprovalSummary } from './admin-ports.ts'

const STATES: Readonly<Record<ApprovalSummary['state'], string>> = {
  pending: 'waits for a decision',
  granted: 'was approved and may run once',
  refused: 'was refused',
  expired: 'was not decided in time',
  cancelled: 'was withdrawn',
  used: 'was approved and has run',
}

/**
 * One self-contained page without script. It shows what the agent that sent the reader here knows anyway;
 * arguments, intent and reasons are for those who prove who they are.
 * @param observedUntil RFC 3339; absent = every rule is enforced.
 */
export function approvalPage(summary: ApprovalSummary | undefined, observedUntil?: string): string {
  return summary === undefined
    ? html('No such request', '<p>This link names no request of this gateway.</p>')
    : html('A call asks for consent', describe(summary) + observedNote(observedUntil))
}

function describe(summary: ApprovalSummary): string {
  const tool = `${summary.server}__${summary.tool}`
  const how =
    summary.state === 'pending'
      ? `<p>It waits until <time>${escapeHtml(new Date(summary.expires).toISOString())}</time>.
To see all of it and decide, run on the gateway’s machine:</p>
<pre>remit approvals show ${escapeHtml(summary.id)}
remit approvals approve ${escapeHtml(summary.id)}
remit approvals refuse ${escapeHtml(summary.id)} --reason "…"</pre>
${summary.offered === undefined ? '' : offer(summary.id, summary.offered)}<p>Deciding needs an approver code. This page cannot decide anything.</p>`
      : ''
  return `<p>A call of <code>${escapeHtml(tool)}</code> ${STATES[summary.state]}.</p>\n${how}`
}

function observedNote(until: string | undefined): string {
  if (until === undefined) return ''
  return `<p>Some rules of this gateway are only observed, not enforced, until <time>${escapeHtml(until)}</time>.</p>\n`
}

function offer(id: string, expires: number): string {
  return `<p>It may also be agreed to until the task ends
(<time>${escapeHtml(new Date(expires).toISOString())}</time>):</p>
<pre>remit approvals approve ${escapeHtml(id)} --for-task</pre>
<p>Then the same task runs the same tool with the same arguments, doing the same to the same targets, without asking;
if it runs code, then also code that was changed since. Anything else asks again. <code>remit grants list</code> shows
what was agreed to and how often it was used, <code>remit grants revoke</code> ends it.</p>
`
}
