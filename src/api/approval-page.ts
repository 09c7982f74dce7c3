import { type Html, markup, NOTHING, timeOf } from './html.ts'
import { loginBox, type LoginProvider } from './login-html.ts'
import type { Page } from './send-page.ts'

export interface ApprovalPageOptions {
  /** RFC 3339; absent = every rule is enforced. */
  readonly observedUntil?: string | undefined
  /** With whom people log in. */
  readonly providers?: readonly LoginProvider[]
}

/**
 * The page of a request is the same whether there is such a request or not: all of it is for those who prove who they
 * are, which its script does with every request. Nobody is looked up before.
 * @param id as the address has it.
 * @param viewer id of the human whom the browser’s cookie names.
 */
export function approvalPage(
  id: string,
  viewer?: string,
  { observedUntil, providers = [] }: ApprovalPageOptions = {},
): Page {
  const title = viewer === undefined ? 'Log in to see this request' : 'A call asks for consent'
  const decide = viewer === undefined ? loginBox(providers) : decisionForm()
  const body = markup`${observedNote(observedUntil)}${decide}${commandLine(id)}`
  return {
    status: 200,
    title,
    body,
    script: 'approval.js',
    ...(viewer === undefined ? {} : { human: viewer }),
  }
}

/** Filled by `pages/approval.js`: a cookie alone shows nothing. */
function decisionForm(): Html {
  return markup`<p id="state" hidden></p>
    <p id="decision-problem" class="error" role="alert" hidden></p>
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

function commandLine(id: string): Html {
  return markup`<details>
    <summary>From the command line</summary>
    <p>To see all of it and decide, with an approver code:</p>
    <pre>
remit approvals show ${id}
remit approvals approve ${id}
remit approvals refuse ${id} --reason "…"</pre
    >
  </details>`
}

function observedNote(until: string | undefined): Html {
  if (until === undefined) return NOTHING
  return markup`<p class="warn">
    Some rules of this gateway are only observed, not enforced, until ${timeOf(Date.parse(until))}.
  </p>`
}
