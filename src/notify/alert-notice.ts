import type { AlertDelivery, AlertEvent } from '../core/delivery.ts'
import { foldText, visibleText } from '../core/visible-text.ts'

/** What may be told of something that asks for nobody's answer. Every text is visible and short. */
export interface AlertNotice {
  readonly type: AlertEvent
  /** RFC 3339: when it happened. */
  readonly at: string
  readonly tenant: string
  /** The page on which it is looked at. */
  readonly url: string
  /** Who must look, where that is set; whose task it is. */
  readonly human: string | null
  readonly [fact: string]: string | null
}

export function alertNotice(delivery: AlertDelivery, adminUrl: string): AlertNotice {
  const { event, tenant, alert } = delivery
  const at = new Date(delivery.at).toISOString()
  if (event === 'review.overdue') {
    const { due, owner } = alert.data
    return {
      type: event,
      at,
      tenant,
      url: `${adminUrl}/console/review`,
      human: typeof owner === 'string' ? plain(owner) : null,
      due: typeof due === 'number' ? new Date(due).toISOString() : null,
    }
  }
  if (event === 'agent.irregular') return irregularNotice(delivery, adminUrl)
  const { why } = alert.data
  return {
    type: event,
    at,
    tenant,
    url: `${adminUrl}/console/tasks/${encodeURIComponent(alert.id)}`,
    human: alert.human === null ? null : plain(alert.human),
    task: alert.id,
    workflow: alert.workflow === null ? null : plain(alert.workflow),
    why: typeof why === 'string' ? why : null,
  }
}

function irregularNotice({ at, tenant, alert }: AlertDelivery, adminUrl: string): AlertNotice {
  const { reason, agent, task } = alert.data
  const page = typeof task === 'string' ? `tasks/${encodeURIComponent(task)}` : 'tasks'
  return {
    type: 'agent.irregular',
    at: new Date(at).toISOString(),
    tenant,
    url: `${adminUrl}/console/${page}`,
    human: alert.human === null ? null : plain(alert.human),
    task: typeof task === 'string' ? task : null,
    workflow: alert.workflow === null ? null : plain(alert.workflow),
    agent: typeof agent === 'string' ? plain(agent) : null,
    why: typeof reason === 'string' ? reason : null,
  }
}

/** One sentence of it. */
export function alertText(notice: AlertNotice): string {
  const { type, human, url } = notice
  if (type === 'review.overdue') {
    return `The review was due ${notice['due'] ?? 'before now'} and is not signed off: ${human ?? 'any admin'} can. ${url}`
  }
  if (type === 'agent.irregular') {
    return `An agent of ${human ?? 'nobody known'} (${notice['agent'] ?? 'unknown'}) is irregular: ${notice['why'] ?? 'unknown'}. ${url}`
  }
  return `A task of ${human ?? 'nobody known'} asks people more than it may (${notice['why'] ?? 'unknown'}). ${url}`
}

function plain(text: string): string {
  return visibleText(foldText(text, 80, 20))
}
