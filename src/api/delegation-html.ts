import { ENVIRONMENTS } from '../core/identity.ts'
import { SCOPE_DIMENSIONS } from '../core/scope.ts'
import type { DelegationRequest } from '../gate/delegation-requests.ts'
import type { DelegableWorkflow } from '../gate/delegable-workflows.ts'
import { BUDGET_FIELDS } from './delegation-form.ts'
import { deviceWords, sameCode } from './device-html.ts'
import { type Html, markup, NOTHING } from './html.ts'
import { problemWords } from './problem-words.ts'

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

export function loginForm(request: DelegationRequest, problem?: string): Html {
  return markup`${agentWords(request)} ${problemWords(problem)}
    <form method="post" autocomplete="off">
      <label for="code">Your approver code</label>
      <input id="code" name="code" type="password" autocomplete="off" required autofocus />
      <button name="action" value="login">Go on</button>
    </form>
    <p>To refuse, close this page: nothing is given without you.</p>`
}

export interface DelegationFormState {
  readonly request: DelegationRequest
  readonly human: string
  readonly workflows: readonly DelegableWorkflow[]
  readonly csrf: string
  readonly values: URLSearchParams
  readonly problem?: string
}

export function delegationForm(state: DelegationFormState): Html {
  const { request, human, workflows, csrf, values, problem } = state
  return markup`${agentWords(request)}
    <p>
      You are <strong>${human}</strong>. What you give is a task: never more than you may yourself, and it
      ends.
    </p>
    ${problemWords(problem)}
    <form method="post" autocomplete="off">
      <input type="hidden" name="csrf" value="${csrf}" />
      <label for="workflow">Kind of work</label>
      <select id="workflow" name="workflow" required>
        ${workflows.map((each) => option(each.name, `${each.name}: ${each.description}`, values.get('workflow')))}
      </select>
      <label for="intent">What is it for? In your words; it cannot be changed later.</label>
      <textarea id="intent" name="intent" rows="3" maxlength="2000" required>
${values.get('intent') ?? ''}</textarea>
      <h2>Limits</h2>
      ${workflows.map(workflowWords)}
      <p>
        Leave a field empty for what the kind of work says. One pattern a line; the line
        <code>nothing</code> permits nothing.
      </p>
      ${SCOPE_DIMENSIONS.map((dimension) => area(`scope.${dimension}`, dimension, values))}
      ${text('workspace', 'Folder that the work is in (absolute path)', values)}
      <label for="environment">Where it runs</label>
      <select id="environment" name="environment">
        ${option('', 'as the kind of work says', values.get('environment'))}${ENVIRONMENTS.map((each) => option(each, each, values.get('environment')))}
      </select>
      ${text('lifetime', 'How many minutes', values)}
      ${BUDGET_FIELDS.map((kind) => text(`budget.${kind}`, `At most so many: ${kind}`, values))}
      ${request.device === undefined ? NOTHING : sameCode(request.device)}
      <label for="code">Your approver code, once more: it is your signature under this</label>
      <input id="code" name="code" type="password" />
      <button name="action" value="delegate">Delegate</button>
      <button name="action" value="refuse" formnovalidate>Refuse</button>
    </form>`
}

function workflowWords({ name, scope, ceiling, budget, lifetime, maxLifetime }: DelegableWorkflow): Html {
  const minutes = (milliseconds: number): string => String(Math.floor(milliseconds / 60_000))
  return markup`<details>
    <summary>${name}</summary>
    <dl>
      <dt>scope</dt>
      <dd><code>${JSON.stringify(scope)}</code></dd>
      <dt>never more than</dt>
      <dd><code>${ceiling === undefined ? 'what policy permits' : JSON.stringify(ceiling)}</code></dd>
      <dt>budget</dt>
      <dd><code>${JSON.stringify(budget)}</code></dd>
      <dt>minutes</dt>
      <dd>${minutes(lifetime)}, at most ${minutes(maxLifetime)}</dd>
    </dl>
  </details>`
}

function option(value: string, words: string, chosen: string | null): Html {
  return chosen === value
    ? markup`<option value="${value}" selected>${words}</option>`
    : markup`<option value="${value}">${words}</option>`
}

function area(name: string, words: string, values: URLSearchParams): Html {
  return markup`<label for="${name}">${words}</label>
    <textarea id="${name}" name="${name}" rows="1">${values.get(name) ?? ''}</textarea>`
}

function text(name: string, words: string, values: URLSearchParams): Html {
  return markup`<label for="${name}">${words}</label>
    <input id="${name}" name="${name}" value="${values.get(name) ?? ''}" />`
}
