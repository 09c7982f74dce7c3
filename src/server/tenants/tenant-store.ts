import type { Journal } from '../../audit/journal.ts'
import type { Change } from '../../core/change.ts'
import { RemitError } from '../../core/errors.ts'
import type { LedgerStore } from '../../store/store.ts'

/** Units of one tenant that may wait at once: a quarter of what the store lets wait in all. */
const MOST_WAITING = 1_024

/**
 * The store of an installation as one tenant has it: it reads and writes nothing of another one, whoever asks, and what
 * waits to be written is bounded by tenant. Closing it leaves the store open.
 */
export function tenantStore(store: LedgerStore, tenant: string): LedgerStore {
  let waiting = 0
  const { journal } = store
  const commit: Journal['commit'] = async (unit, urgency) => {
    const foreign =
      unit.records.some((record) => record.envelope.tenant !== tenant) ||
      unit.changes.some((change) => tenantOf(change) !== tenant)
    if (foreign) throw crossing(tenant)
    if (waiting >= MOST_WAITING) {
      throw new RemitError('ledger_busy', 'this tenant has too much to write; try again in a moment')
    }
    waiting += 1
    try {
      return await journal.commit(unit, urgency)
    } finally {
      waiting -= 1
    }
  }
  return {
    ...(store.writer === undefined ? {} : { writer: store.writer }),
    journal: { commit },
    tasks: only(store.tasks, tenant),
    approvals: only(store.approvals, tenant),
    pins: only(store.pins, tenant),
    secrets: only(store.secrets, tenant),
    oauth: only(store.oauth, tenant),
    logins: only(store.logins, tenant),
    outbox: only(store.outbox, tenant),
    grants: only(store.grants, tenant),
    holds: only(store.holds, tenant),
    records: only(store.records, tenant),
    search: only(store.search, tenant),
    health: () => store.health(),
    depth: () => waiting,
    close: () => Promise.resolve(),
  }
}

/** A part of a store: all of its operations take the tenant, or what names it, first. */
function only<Part extends object>(part: Part, tenant: string): Part {
  return new Proxy(part, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target)
      if (typeof value !== 'function') return value
      return (asked: string | { readonly tenant: string }, ...rest: readonly unknown[]): unknown => {
        const whose = typeof asked === 'string' ? asked : asked.tenant
        if (whose !== tenant) throw crossing(tenant)
        return Reflect.apply(value, target, [asked, ...rest]) as unknown
      }
    },
  })
}

/** Whose row a change is about. */
function tenantOf(change: Change): string {
  if ('tenant' in change) return change.tenant
  if ('task' in change) return change.task.tenant
  if ('halt' in change) return change.halt.tenant
  if ('hold' in change) return change.hold.tenant
  if ('approval' in change) return change.approval.tenant
  if ('pin' in change) return change.pin.tenant
  if ('secret' in change) return change.secret.tenant
  if ('entry' in change) return change.entry.tenant
  if ('delivery' in change) return change.delivery.tenant
  return change.grant.tenant
}

function crossing(tenant: string): RemitError {
  return new RemitError('internal', 'something failed inside the gateway; its log says what', {
    detail: `tenant \`${tenant}\` asked for rows of another one`,
  })
}
