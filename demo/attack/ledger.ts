import type { StoredRecord } from '../../src/audit/record-reader.ts'
import { sessionQuery } from '../../src/core/session/session-query.ts'
import { admin, type Gateway } from '../admin-client.ts'

/** What was decided about one use of a tool. */
export interface Decided {
  readonly use: string
  readonly effect: string
  readonly policies: readonly string[]
  readonly gates: readonly string[]
}

/** Every decision of a task, in the order of the ledger, by the agent's own ids of the uses. */
export async function decisionsOf(gateway: Gateway, task: string): Promise<readonly Decided[]> {
  const q = encodeURIComponent(sessionQuery(task))
  const { records } = await admin<{ records: readonly StoredRecord[] }>(
    gateway,
    `/records/query?q=${q}&limit=1000`,
    { credential: gateway.storedCredential },
  )
  return records.flatMap(({ envelope: { kind, correlation, decision } }) =>
    kind !== 'decision' || decision === undefined
      ? []
      : [
          {
            use: correlation?.toolUse ?? '',
            effect: decision.effect,
            policies: decision.policies,
            gates: decision.gates.map(({ scope }) => scope),
          },
        ],
  )
}
