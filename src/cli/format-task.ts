import { BUDGET_COUNTS, type BudgetCount, type Task, taskState } from '../core/identity.ts'
import { SCOPE_DIMENSIONS } from '../core/scope.ts'
import type { Workload } from '../core/workload.ts'
import type { IssuedTaskAnswer } from '../api/contract.ts'
import type { Invocation } from './command.ts'
import { paint } from './paint.ts'
import { plainLine } from './plain-text.ts'

/** A task with its effective scope, for people. @param now milliseconds since the epoch. */
export function taskText(task: Task, now: number): string {
  const rows: readonly (readonly [string, string])[] = [
    ['task', task.id],
    ['state', stateText(task, now)],
    ['human', task.human],
    ['agent', task.agent.id === task.agent.kind ? task.agent.id : `${task.agent.id} (${task.agent.kind})`],
    ['workflow', task.workflow],
    ['intent', task.intent],
    ['environment', task.environmentProved ? task.environment : `${task.environment} (claimed)`],
    ['workspace', task.workspace ?? 'none'],
    ['budget', budgetText(task)],
    ['made', `${new Date(task.created).toISOString()} by ${task.origin}`],
    ...(task.workload === undefined ? [] : [['workload', workloadText(task.workload)] as const]),
    ...(task.parent === undefined ? [] : [['parent', task.parent] as const]),
    ...SCOPE_DIMENSIONS.map((dimension) => [dimension, patternsText(task.scope[dimension])] as const),
  ]
  return rows.map(([name, value]) => `${name.padEnd(13)}${plainLine(value)}\n`).join('')
}

function workloadText({ name, issuer, subject }: Workload): string {
  return `${name}: ${subject} of ${issuer}`
}

/** A task with its token, which is shown this once. */
export function issuedText({ io, json }: Invocation, { task, token, url }: IssuedTaskAnswer): string {
  if (json) return `${JSON.stringify({ task, token, url })}\n`
  const place = `${paint(io, 'bold', 'url')}    ${url}\n${paint(io, 'bold', 'token')}  ${token}\n`
  return `${taskText(task, Date.now())}\n${place}`
}

export function stateText(task: Task, now: number): string {
  const state = taskState(task, now)
  const expires = new Date(task.expires).toISOString()
  if (state === 'revoked') return `revoked by ${task.revoked?.by ?? ''}: ${task.revoked?.reason ?? ''}`
  if (task.completed !== undefined && state === 'completed') {
    return `completed by ${task.completed.by} ${new Date(task.completed.at).toISOString()}`
  }
  return state === 'expired' ? `expired ${expires}` : `active until ${expires}`
}

function patternsText(patterns: readonly string[] | undefined): string {
  if (patterns === undefined) return 'no limit beyond policy'
  return patterns.length === 0 ? 'nothing' : patterns.join(', ')
}

function budgetText(task: Task): string {
  const parts = BUDGET_COUNTS.flatMap((count) => {
    const limit = task.budget[count]
    return limit === undefined ? [] : [`${limit} ${WORDS[count]}`]
  })
  const { duration } = task.budget
  if (duration !== undefined) parts.push(`until ${new Date(task.created + duration).toISOString()} at most`)
  return parts.length === 0 ? 'no limit' : parts.join(', ')
}

const WORDS: Readonly<Record<BudgetCount, string>> = {
  calls: 'calls',
  writes: 'writes',
  files: 'files',
  lines: 'lines',
  pullRequests: 'pull requests',
  ciRuns: 'CI runs',
  installs: 'installs',
  consents: 'consents',
}
