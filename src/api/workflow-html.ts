import type { Budget } from '../core/identity.ts'
import { SCOPE_DIMENSIONS, type Scope, type ScopeDimension } from '../core/scope.ts'
import type { DelegableWorkflow } from '../gate/delegable-workflows.ts'
import { BUDGET_FIELDS } from './delegation-form.ts'
import { Html, markup, NOTHING } from './html.ts'

const HIDDEN = new Html('hidden')

export const SCOPE_WORDS: Readonly<Record<ScopeDimension, string>> = {
  servers: 'Servers',
  tools: 'Tools',
  actions: 'Actions',
  repositories: 'Repositories',
  branches: 'Branches',
  paths: 'Files and folders',
  hosts: 'Hosts on the network',
}

export const BUDGET_WORDS: Readonly<Record<(typeof BUDGET_FIELDS)[number], string>> = {
  calls: 'calls',
  writes: 'writes',
  files: 'files changed',
  lines: 'lines changed',
  pullRequests: 'pull requests',
  ciRuns: 'CI runs',
  installs: 'installed packages',
  consents: 'questions to people',
}

/** What somebody gives with a kind of work, as a person reads it; `pages/delegate.js` shows the one that is chosen. */
export function workflowGives(workflow: DelegableWorkflow, shown: boolean): Html {
  const { name, scope, ceiling = {}, budget, environment, lifetime, maxLifetime, teams = [] } = workflow
  const bounded = Object.keys(ceiling).length > 0
  return markup`<section class="card gives" data-workflow="${name}" aria-label="What ${name} gives" ${shown ? NOTHING : HIDDEN}>
    <dl class="facts">
      <dt>May touch</dt>
      <dd>${scopeWords(scope)}</dd>
      ${bounded ? markup`<dt>Never more than</dt><dd>${scopeWords(ceiling)}</dd>` : NOTHING}
      <dt>May use up</dt>
      <dd>${budgetWords(budget)}</dd>
      ${teams.map(
        (each) => markup`<dt>For team ${each.team}, never more than</dt>
          <dd>${scopeWords(each.ceiling)}; ${budgetWords(each.budget)}</dd>`,
      )}
      <dt>Ends after</dt>
      <dd>${minutes(lifetime)} minutes; ${minutes(maxLifetime)} at most, if you say so</dd>
      <dt>Runs on</dt>
      <dd>${environment}</dd>
    </dl>
  </section>`
}

function scopeWords(scope: Scope): Html {
  const lines = SCOPE_DIMENSIONS.flatMap((dimension) => {
    const patterns = scope[dimension]
    if (patterns === undefined) return []
    const words =
      patterns.length === 0 ? markup`nothing` : patterns.map((each) => markup`<code>${each}</code> `)
    return [markup`<div>${SCOPE_WORDS[dimension]}: ${words}</div>`]
  })
  return lines.length === 0 ? markup`whatever policy permits you and it` : markup`${lines}`
}

function budgetWords(budget: Budget): string {
  const limits = BUDGET_FIELDS.flatMap((kind) =>
    budget[kind] === undefined ? [] : [`${budget[kind]} ${BUDGET_WORDS[kind]}`],
  )
  const { duration } = budget
  if (duration !== undefined) limits.push(`${minutes(duration)} minutes, renewals included`)
  return limits.length === 0 ? 'as much as it needs' : limits.join(', ')
}

function minutes(milliseconds: number): string {
  return String(Math.floor(milliseconds / 60_000))
}
