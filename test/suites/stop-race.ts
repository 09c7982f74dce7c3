import { DEFAULT_TENANT, type HumanId, type TaskId } from '../../src/core/ids.ts'
import type { Store } from '../../src/store/store.ts'
import { AT, decisionRecord } from './sample-records.ts'

const TASK = 'tsk_1' as TaskId

export interface RaceResult {
  /** Decisions that were recorded as allowed. */
  readonly allowed: number
  /** Decisions that lost to the halt. */
  readonly refused: number
  /** Allowed decisions that stand in the ledger after the halt that ends them: there must be none. */
  readonly late: readonly string[]
}

/**
 * Calls on one replica against the kill switch on another, both at once, again and again. Each call does as the gate does:
 * it looks what is stopped, and has its decision recorded only if that is still so.
 */
export async function raceStops(
  [killing, calling]: readonly [Store, Store],
  rounds: number,
): Promise<RaceResult> {
  let [allowed, refused] = [0, 0]
  const late: string[] = []
  for (let round = 0; round < rounds; round += 1) {
    const agent = `agent-${round}`
    const before = (await killing.records.head(DEFAULT_TENANT)).size
    const calls = [0, 1, 2].map((at) => decide(calling, agent, `dec_${round}_${at}`))
    const [, ...passed] = await Promise.all([kill(killing, agent, `kill_${round}`), ...calls])
    allowed += passed.filter((passes) => passes).length
    refused += passed.filter((passes) => !passes).length
    const records = await killing.records.query({ tenant: DEFAULT_TENANT, after: before - 1, limit: 10 })
    const end = records.find(({ envelope }) => envelope.id === `kill_${round}`)?.index ?? -1
    if (end < 0) late.push(`kill_${round} is missing`)
    late.push(...records.filter(({ index }) => index > end).map(({ envelope }) => envelope.id))
    // Nobody is stopped for ever, so that looking stays cheap over ten thousand rounds.
    const lift = { kind: 'lift-halt', tenant: DEFAULT_TENANT, target: 'agent', id: agent } as const
    await killing.journal.commit({ records: [], changes: [lift] })
  }
  return { allowed, refused, late }
}

async function kill(store: Store, agent: string, id: string): Promise<boolean> {
  const halt = {
    tenant: DEFAULT_TENANT,
    target: 'agent',
    id: agent,
    at: AT,
    by: 'eve' as HumanId,
    reason: 'race',
  } as const
  await store.journal.commit({
    records: [decisionRecord({ id, task: TASK })],
    changes: [{ kind: 'put-halt', halt }],
  })
  return true
}

async function decide(store: Store, agent: string, id: string): Promise<boolean> {
  for (;;) {
    const { revision, halts } = await store.tasks.standing(DEFAULT_TENANT)
    if (halts.some((halt) => halt.id === agent)) return false
    const outcome = await store.journal.commit({
      records: [decisionRecord({ id, task: TASK })],
      changes: [{ kind: 'expect-standing', tenant: DEFAULT_TENANT, revision }],
    })
    if (outcome === 'committed') return true
  }
}
