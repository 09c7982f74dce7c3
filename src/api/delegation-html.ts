import { ENVIRONMENTS } from '../core/identity.ts'
import { SCOPE_DIMENSIONS } from '../core/scope.ts'
import type { DelegationRequest } from '../gate/delegation-requests.ts'
import type { DelegableWorkflow } from '../gate/delegable-workflows.ts'
import { BUDGET_FIELDS } from './delegation-form.ts'
import { deviceWords, sameCode } from './device-html.ts'
import { type Html, markup, NOTHING } from './html.ts'
import { loginBox, type LoginProvider } from './login-html.ts'
import { BUDGET_WORDS, SCOPE_WORDS, workflowGives } from './workflow-html.ts'

/** Who asks, with what is proved apart from what is said. */
export function agentWords(request: DelegationRequest): Html {
  const { name, documentHost, clientId, redirectHost, onlyThisMachine, device } = request
  const source =
    documentHost === undefined
      ? markup`It registered itself here; nothing about it is proved.`
      : markup`Its description is published by <strong>${documentHost}</strong> (<code>${clientId}</code>).`
  const local = onlyThisMachine
    ? markup`<p class="warn">
        The answer goes to a program on this machine. Any program on it can claim to be this agent: go on only
        if you started it yourself, just now.
      </p>`
    : NOTHING
  return markup`<p>
      An agent asks to act for you. It calls itself <strong>“${name ?? 'nothing'}”</strong>: that is its own
      claim.
    </p>
    <p>${source}</p>
    ${redirectHost === undefined ? NOTHING : markup`<p>The answer goes to <strong>${redirectHost}</strong>.</p>`}
    ${device === undefined ? local : deviceWords(device)}`
}

export function loginForm(request: DelegationRequest, providers: readonly LoginProvider[]): Html {
  return markup`${agentWords(request)}
    <p>Log in to see what it would get. To refuse, close this page: nothing is given without you.</p>
    ${loginBox(providers)}`
}

export interface DelegationFormState {
  readonly request: DelegationRequest
  readonly human: string
  readonly workflows: readonly DelegableWorkflow[]
  /** True = they sign with a passkey, and no code is asked for. */
  readonly passkey: boolean
}

export function delegationForm({ request, human, workflows, passkey }: DelegationFormState): Html {
  return markup`${agentWords(request)}
    <p>
      You are <strong>${human}</strong>. What you give is a task: never more than you may yourself, and it
      ends.
    </p>
    <form id="delegation" autocomplete="off">
      <label for="workflow">Kind of work</label>
      <select id="workflow" name="workflow" required>
        ${workflows.map(({ name, description }) => option(name, description === '' ? name : `${name}: ${description}`))}
      </select>
      ${workflows.map((each, at) => workflowGives(each, at === 0))}
      <label for="intent">What is it for? <small>In your words; it cannot be changed later.</small></label>
      <textarea id="intent" name="intent" rows="3" maxlength="2000" required></textarea>
      <div class="pair">
        <div>${text('lifetime', 'How long, in minutes', 'as the kind of work says')}</div>
        <div>
          <label for="environment">Where it runs</label>
          <select id="environment" name="environment">
            ${option('', 'as the kind of work says')}${ENVIRONMENTS.map((each) => option(each, each))}
          </select>
        </div>
      </div>
      ${text('workspace', 'Folder that the work is in', 'absolute path; may be empty')}
      <h2>Narrow it</h2>
      <p class="quiet">
        What you leave empty is as the kind of work says. Nothing goes beyond its limits, or yours.
      </p>
      <details>
        <summary>What it may touch (scope)</summary>
        <p class="quiet">
          One pattern a line: <code>*</code> stands for anything but <code>/</code>, <code>**</code> for anything. The line
          <code>nothing</code> permits nothing.
        </p>
        ${SCOPE_DIMENSIONS.map((dimension) => area(`scope.${dimension}`, SCOPE_WORDS[dimension]))}
      </details>
      <details>
        <summary>How much it may do (budget)</summary>
        <p class="quiet">With everything that it hands on to other agents.</p>
        <div class="pair">
          ${BUDGET_FIELDS.map((kind) => markup`<div>${text(`budget.${kind}`, `At most so many ${BUDGET_WORDS[kind]}`, '')}</div>`)}
        </div>
      </details>
      <h2>Sign</h2>
      ${request.device === undefined ? NOTHING : sameCode(request.device)}
      ${passkey ? markup`<p>Your passkey signs exactly what stands here.</p>` : codeField()}
      <p id="delegation-problem" class="error" role="alert" hidden></p>
      <button class="main" name="action" value="delegate">Delegate</button>
      <button name="action" value="refuse" formnovalidate>Refuse</button>
    </form>`
}

function codeField(): Html {
  return markup`<label for="code">Your approver code, once more <small>it is your signature under this</small></label>
    <input id="code" name="code" type="password" required />`
}

function option(value: string, words: string): Html {
  return markup`<option value="${value}">${words}</option>`
}

function area(name: string, words: string): Html {
  return markup`<label for="${name}">${words}</label>
    <textarea id="${name}" name="${name}" class="mono" rows="1"></textarea>`
}

function text(name: string, words: string, hint: string): Html {
  return markup`<label for="${name}">${words}</label>
    <input id="${name}" name="${name}" placeholder="${hint}" />`
}
