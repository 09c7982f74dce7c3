import { hashLeaf, NO_LEAF, toHex } from '../../audit/merkle-hash.ts'
import type { CommitResult } from '../../audit/journal.ts'
import type { StoredRecord } from '../../audit/record-reader.ts'
import { commitment, saltSource } from '../../audit/seal.ts'
import { recordBody, serialiseRecord } from '../../audit/serialise-record.ts'
import type { Change, UnitOfWork } from '../../core/change.ts'
import { asRemitError, RemitError } from '../../core/errors.ts'
import { type ErasureChange, isErasureChange } from '../../core/erasure.ts'
import { NO_HISTORY, type SessionFacts } from '../../core/facts.ts'
import type { Task } from '../../core/identity.ts'
import type { NewRecord, RecordEnvelope, RecordPayload } from '../../core/record.ts'
import type { ToolPin } from '../../core/tool-pin.ts'
import { changedTask, type TaskChange } from '../changed-task.ts'
import { joinFacts, staysWithin } from '../join-facts.ts'
import { matchesQuery, queryLimit } from '../match-record.ts'
import type { Store } from '../store.ts'
import { ApprovalTable } from './approval-table.ts'
import { eraseContent } from './erase-content.ts'
import { GrantTable } from './grant-table.ts'
import { StandingTable } from './standing-table.ts'
import { HoldTable } from './hold-table.ts'
import { OAuthTable } from './oauth-table.ts'
import { OutboxTable } from './outbox-table.ts'
import { searchMemory } from './search-memory.ts'
import { SecretTable } from './secret-table.ts'

/** A store that lasts as long as the process: for tests and for trying policies. Nothing is signed. */
export function createMemoryStore(): Store {
  const state = new MemoryState()
  let closed = false
  return {
    journal: {
      commit: async (unit) => {
        if (closed) throw new RemitError('ledger_unavailable', 'the store is closed')
        return state.commit(unit)
      },
    },
    tasks: {
      get: async (tenant, id) => state.tasks.get(keyOf(tenant, id)),
      list: async (tenant, limit, human) =>
        newestFirst(state.tasks.values(), tenant)
          .filter((task) => human === undefined || task.human === human)
          .slice(0, limit),
      facts: async (tenant, root) => state.facts.get(keyOf(tenant, root)) ?? NO_HISTORY,
      children: async (tenant, parent) =>
        newestFirst(state.tasks.values(), tenant)
          .filter((task) => task.parent === parent)
          .toReversed(),
      tallies: async (tenant, root, what) =>
        what.map((each) => state.stops.tallies.get(keyOf(tenant, root, each))),
      standing: async (tenant) => state.stops.standing(tenant),
    },
    approvals: state.approvals.reader,
    pins: {
      list: async (tenant) =>
        [...state.pins.values()].filter((pin) => pin.tenant === tenant).toSorted(byName),
    },
    grants: state.grants.reader,
    secrets: state.secrets.reader,
    oauth: state.oauth.reader,
    logins: state.oauth.reader,
    outbox: state.outbox.reader,
    holds: state.holds.reader,
    records: {
      query: async (query) =>
        state
          .ledger(query.tenant)
          .records.slice(query.after === undefined ? 0 : query.after + 1, query.before)
          .toReversed()
          .filter(({ envelope }) => matchesQuery(envelope, query))
          .slice(0, queryLimit(query)),
      head: async (tenant) => ({ size: state.ledger(tenant).records.length }),
    },
    search: searchMemory((tenant) => state.ledger(tenant).records),
    close: async () => {
      closed = true
    },
  }
}

interface Ledger {
  readonly records: StoredRecord[]
  prev: string
}

class MemoryState {
  readonly tasks = new Map<string, Task>()
  readonly approvals = new ApprovalTable()
  readonly grants = new GrantTable()
  readonly secrets = new SecretTable()
  readonly oauth = new OAuthTable()
  readonly outbox = new OutboxTable()
  readonly holds = new HoldTable()
  readonly facts = new Map<string, SessionFacts>()
  readonly pins = new Map<string, ToolPin>()
  readonly stops = new StandingTable()
  readonly #ledgers = new Map<string, Ledger>()
  readonly #salt = saltSource()

  ledger(tenant: string): Ledger {
    const ledger = this.#ledgers.get(tenant) ?? { records: [], prev: NO_LEAF }
    this.#ledgers.set(tenant, ledger)
    return ledger
  }

  commit(unit: UnitOfWork): CommitResult {
    try {
      const undo: (() => void)[] = []
      for (const change of unit.changes) {
        if (this.#apply(change, undo)) continue
        for (const step of undo.toReversed()) step()
        return 'conflict'
      }
      for (const record of unit.records) this.#append(record)
      return 'committed'
    } catch (error) {
      throw asRemitError(error)
    }
  }

  #append(record: NewRecord): void {
    const ledger = this.ledger(record.envelope.tenant)
    const written = serialiseRecord(record)
    const seals = {
      ...(written.detail !== undefined && { detail: commitment(this.#salt(), written.detail) }),
      ...(written.payload !== undefined && { payload: commitment(this.#salt(), written.payload) }),
    }
    const index = ledger.records.length
    const body = recordBody(written, seals, { id: 'wrt_memory', prev: ledger.prev, seq: index })
    ledger.prev = toHex(hashLeaf(body))
    const { detail } = record
    const { payload: text } = written
    const envelope = JSON.parse(body) as RecordEnvelope
    const row = { index, body, envelope, ...(detail && { detail }) }
    if (text === undefined) ledger.records.push(row)
    else {
      // As it was written, since a large result comes as text; parsed when somebody reads it.
      const read = (): RecordPayload => JSON.parse(text) as RecordPayload
      ledger.records.push({
        ...row,
        get payload() {
          return read()
        },
      })
    }
  }

  /** @returns false = conflict; `undo` gets what takes an applied change back. */
  #apply(change: Change, undo: (() => void)[]): boolean {
    if (isErasureChange(change)) return this.#erase(change, undo)
    switch (change.kind) {
      case 'insert-task':
      case 'revoke-task':
      case 'complete-task':
      case 'renew-task':
      case 'hold-task': {
        return this.#applyToTask(change, undo)
      }
      case 'put-halt':
      case 'lift-halt':
      case 'advance-standing':
      case 'expect-standing':
      case 'add-tally': {
        return this.stops.apply(change, undo)
      }
      case 'insert-approval':
      case 'update-approval': {
        if (!this.approvals.admits(change)) return false
        undo.push(this.approvals.apply(change))
        return true
      }
      case 'put-pin': {
        return this.#putPin(change.pin, undo)
      }
      case 'insert-grant':
      case 'use-grant':
      case 'revoke-grant': {
        if (!this.grants.admits(change)) return false
        undo.push(this.grants.apply(change))
        return true
      }
      case 'put-secret':
      case 'reseal-secret':
      case 'remove-secret': {
        return undoable(this.secrets.apply(change), undo)
      }
      case 'put-delivery':
      case 'remove-delivery': {
        return undoable(this.outbox.apply(change), undo)
      }
      case 'put-oauth':
      case 'consume-oauth':
      case 'remove-oauth': {
        return undoable(this.oauth.apply(change), undo)
      }
      case 'add-facts': {
        return this.#addFacts(change, undo)
      }
    }
  }

  #erase(change: ErasureChange, undo: (() => void)[]): boolean {
    switch (change.kind) {
      case 'content-erased': {
        undo.push(eraseContent(this.ledger(change.tenant).records, change))
        return true
      }
      case 'approval-erased': {
        return undoable(this.approvals.erase(change), undo)
      }
      case 'grant-erased': {
        return undoable(this.grants.erase(change.grant), undo)
      }
      case 'task-erased': {
        const key = keyOf(change.task.tenant, change.task.id)
        if (!this.tasks.has(key)) return false
        replace(this.tasks, key, change.task, undo)
        return true
      }
      case 'tallies-erased': {
        undo.push(this.stops.forget(change.tenant, change.root))
        return true
      }
      case 'erasure-settled': {
        return true
      }
      case 'put-hold':
      case 'lift-hold':
      case 'expect-holds': {
        return undoable(this.holds.apply(change), undo)
      }
    }
  }

  #putPin(pin: ToolPin, undo: (() => void)[]): boolean {
    const key = keyOf(pin.tenant, `${pin.server}\n${pin.name}`)
    if ((this.pins.get(key)?.revision ?? 0) !== pin.revision - 1) return false
    replace(this.pins, key, pin, undo)
    return true
  }

  #addFacts(change: Extract<Change, { kind: 'add-facts' }>, undo: (() => void)[]): boolean {
    const key = keyOf(change.tenant, change.root)
    const facts = this.facts.get(key) ?? NO_HISTORY
    if (!staysWithin(facts, change.add, change.limits ?? {})) return false
    replace(this.facts, key, joinFacts(facts, change.add), undo)
    return true
  }

  #applyToTask(change: TaskChange | Extract<Change, { kind: 'insert-task' }>, undo: (() => void)[]): boolean {
    if (change.kind === 'insert-task') {
      const key = keyOf(change.task.tenant, change.task.id)
      if (this.tasks.has(key)) return false
      replace(this.tasks, key, change.task, undo)
      return true
    }
    const key = keyOf(change.tenant, change.task)
    const task = this.tasks.get(key)
    const changed = task && changedTask(task, change)
    if (changed === undefined) return false
    if (changed !== task) replace(this.tasks, key, changed, undo)
    if (change.kind === 'revoke-task' || change.kind === 'complete-task')
      undo.push(this.stops.advance(change.tenant))
    return true
  }
}

function undoable(back: (() => void) | undefined, undo: (() => void)[]): boolean {
  if (back !== undefined) undo.push(back)
  return back !== undefined
}

function replace<V>(map: Map<string, V>, key: string, value: V, undo: (() => void)[]): void {
  const before = map.get(key)
  map.set(key, value)
  undo.push(() => {
    if (before === undefined) map.delete(key)
    else map.set(key, before)
  })
}

function keyOf(...parts: readonly string[]): string {
  return parts.join('\n')
}

function newestFirst<T extends { readonly tenant: string; readonly created: number }>(
  values: Iterable<T>,
  tenant: string,
): T[] {
  return [...values]
    .filter((value) => value.tenant === tenant)
    .toReversed()
    .toSorted((a, b) => b.created - a.created)
}

function byName(a: ToolPin, b: ToolPin): number {
  if (a.server !== b.server) return a.server < b.server ? -1 : 1
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0
}
