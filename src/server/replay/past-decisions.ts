import type { DecisionRow, LedgerRow, LedgerSource } from '../../audit/ledger-source.ts'
import type { TaskId, TenantId } from '../../core/ids.ts'
import type { Task } from '../../core/identity.ts'
import type { RecordDetail, RecordEnvelope } from '../../core/record.ts'
import { taskOfRecord } from '../../gate/replay/past-tasks.ts'
import type { TaskStore } from '../../identity/task-store.ts'

/** Decisions of the past in order, and the tasks that they name. */
export interface PastDecisions {
  rows(since: number): Iterable<DecisionRow> | AsyncIterable<DecisionRow>
  /** Undefined = not known any more. */
  task(id: string): Task | undefined | Promise<Task | undefined>
}

/** Of a store, which has the tasks. */
export function storedDecisions(
  source: LedgerSource,
  tasks: Pick<TaskStore, 'get'>,
  tenant: string,
): PastDecisions {
  return {
    rows: (since) => source.decisions?.(tenant, since) ?? decisionsAmong(source.records(tenant)),
    task: (id) => tasks.get(tenant as TenantId, id as TaskId),
  }
}

/** Of an export, where a task is what the record of its making says. */
export function exportedDecisions(source: LedgerSource, tenant: string): PastDecisions {
  const tasks = new Map<string, Task>()
  return {
    rows: () =>
      decisionsAmong(source.records(tenant), (row) => {
        const task = taskOfRecord({
          envelope: JSON.parse(row.body) as RecordEnvelope,
          ...(row.detail === undefined ? {} : { detail: JSON.parse(row.detail) as RecordDetail }),
        })
        if (task !== undefined) tasks.set(task.id, task)
      }),
    task: (id) => tasks.get(id),
  }
}

async function* decisionsAmong(
  records: Iterable<LedgerRow> | AsyncIterable<LedgerRow>,
  made?: (row: DecisionRow) => void,
): AsyncGenerator<DecisionRow> {
  for await (const { index, body, detail } of records) {
    if (body === undefined) continue
    const text = textOf(body)
    const row = { index, body: text, ...(detail?.text === undefined ? {} : { detail: textOf(detail.text) }) }
    if (text.includes('"kind":"task.created"')) made?.(row)
    if (text.includes('"kind":"decision"')) yield row
  }
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
}
