import type { RecordReader } from '../audit/record-reader.ts'
import type { TenantId } from '../core/ids.ts'
import type { JsonObject } from '../core/json.ts'
import type { RecordKind } from '../core/record.ts'
import type { HeldPolicies, PolicyEngine } from '../policy/policy-engine.ts'
import { entriesOf, hashOfRules, type ObserveSetting, rulesOf } from './observe-setting.ts'
import type { Foundation } from './open-foundation.ts'

export interface Resumed {
  readonly policies: PolicyEngine
  readonly observe: ObserveSetting
  readonly records: RecordReader
  readonly tenant: TenantId
}

/**
 * What was in force before the gateway stopped, as the ledger has it, stays in force where a loosening needs a
 * second person: a restart agrees to nothing.
 */
export async function resumePolicies({ policies, observe, records, tenant }: Resumed): Promise<void> {
  const hash = (await newest(records, tenant, 'policy.loaded'))?.['hash']
  if (typeof hash !== 'string') return
  await policies.resume(hash)
  observe.resume(rulesOf(await newest(records, tenant, 'observe.changed')))
}

/** What is in force, and what waits, at the start. */
export async function recordPolicies(foundation: Foundation): Promise<void> {
  const { policies, observe, store, tenant, record, log } = foundation
  const set = policies.current()
  await record('policy.loaded', { hash: set.hash, policies: set.policies.length })
  const waiting = policies.waiting()
  if (waiting !== undefined) {
    log.log('warn', 'policy.held', heldData(waiting))
    await record('policy.held', heldData(waiting))
  }
  const former = rulesOf(await newest(store.records, tenant, 'observe.changed'))
  if (hashOfRules(former) !== hashOfRules(observe.rules)) {
    await record('observe.changed', { observing: entriesOf(observe.rules) })
  }
  if (observe.waiting !== undefined) {
    const { hash, held } = observe.waiting
    log.log('warn', 'observe.held', { hash, held })
    await record('observe.held', { hash, held })
  }
}

export function heldData({ held, inForce, loosens }: HeldPolicies): JsonObject {
  const what = loosens.map(({ what: policy, how }) => `${how}: ${policy}`)
  return { hash: held.set.hash, inForce: inForce.set.hash, loosens: what }
}

async function newest(
  records: RecordReader,
  tenant: TenantId,
  kind: RecordKind,
): Promise<JsonObject | undefined> {
  const [record] = await records.query({ tenant, kind, limit: 1 })
  return record?.envelope.data
}
