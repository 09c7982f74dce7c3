import type { ApprovalSummary } from './admin-ports.ts'
import { type Html, markup, NOTHING, timeOf } from './html.ts'
import { loginBox, type LoginProvider } from './login-html.ts'
import type { Page } from './send-page.ts'

const STATES: Readonly<Record<ApprovalSummary['state'], string>> = {
  pending: 'waits for a decision',
  granted: 'was approved and may run once',
  refused: 'was refused',
  expired: 'was not decided in time',
  cancelled: 'was withdrawn',
  used: 'was approved and has run',
}

export interface ApprovalPageOptions {
  /** RFC 3339; absent = every rule is enforced. */
  readonly observedUntil?: string | undefined
  /** With whom people log in. */
  readonly providers?: readonly LoginProvider[]
}

/**
 * It shows what the agent that sent the reader here knows anyway; arguments, intent and reasons are for those who prove
 * who they are, which its script does with every request.
 * @param viewer id of the human whom the browser’s cookie names.
 */
export function approvalPage(
  summary: ApprovalSummary | undefined,
  viewer?: string,
  { observedUntil, providers = [] }: ApprovalPageOptions = {},
): Page {
  if (summary === undefined) {
    const body = markup`<p>This link names no request of this gateway.</p>`
    return { status: 404, title: 'No such request', body }
  }
  const page = { status: 200, title: 'A call asks for consent' }
  const observed = observedNote(observedUntil)
  if (summary.state !== 'pending') return { ...page, body: markup`${stateWords(summary)}${observed}` }
  const decide = viewer === undefined ? loginBox(providers) : decisionForm()
  const body = markup`${stateWords(summary)}${observed}${decide}${commandLine(summary)}`
  return { ...page, body, script: 'approval.js', ...(viewer === undefined ? {} : { human: viewer }) }
}

function stateWords({ server, tool, state, expires }: ApprovalSummary): Html {
  const until = state === 'pending' ? markup` It waits until ${timeOf(expires)}.` : NOTHING
  return markup`<p>A call of <code>${`${server}__${tool}`}</code> ${STATES[state]}.${until}</p>`
}

/** Filled by `pages/approval.js`: a cookie alone shows nothing. */
function decisionForm(): Html {
  return markup`<p id="decision-problem" class="error" role="alert" hidden></p>
    <form id="decision" autocomplete="off" hidden>
      <pre id="prompt"></pre>
      <p>Who has to agree:</p>
      <ul id="gates"></ul>
      <p id="past" hidden></p>
      <p id="widening" hidden>
        <label for="widen">For the rest of the task, what may run without asking</label>
        <select id="widen" name="widen">
          <option value="">the same work, and nothing else</option>
        </select>
      </p>
      <label for="comment">Why <small>kept with your decision; may be empty</small></label>
      <input id="comment" name="comment" maxlength="2000" />
      <label for="code">Your approver code <small>only where it is asked for, and you have no passkey</small></label>
      <input id="code" name="code" type="password" />
      <button class="main" name="action" value="approve">Approve this once</button>
      <button id="for-task" name="action" value="task">Approve for the rest of the task</button>
      <button name="action" value="refuse">Refuse</button>
    </form>`
}

function commandLine({ id, offered }: ApprovalSummary): Html {
  return markup`<details>
    <summary>From the command line</summary>
    <p>To see all of it and decide, with an approver code:</p>
    <pre>
remit approvals show ${id}
remit approvals approve ${id}
remit approvals refuse ${id} --reason "…"</pre
    >
    ${offered === undefined ? NOTHING : offer(id, offered)}
  </details>`
}

function observedNote(until: string | undefined): Html {
  if (until === undefined) return NOTHING
  return markup`<p class="warn">
    Some rules of this gateway are only observed, not enforced, until ${timeOf(Date.parse(until))}.
  </p>`
}

function offer(id: string, expires: number): Html {
  return markup`<p>
      It may also be agreed to until the task ends (${timeOf(expires)}):
    </p>
    <pre>remit approvals approve ${id} --for-task</pre>
    <p>
      Then the same task runs the same tool with the same arguments, doing the same to the same targets, without asking;
      if it runs code, then also code that was changed since, but for scripts and manifests that the request names as held. Anything else
      asks again.
      <code>remit grants list</code> shows what was agreed to and how often it was used,
      <code>remit grants revoke</code> ends it.
    </p>`
}
