import { expect, it } from 'vitest'
import type { FleetAgent } from '../../src/core/fleet.ts'
import { DEFAULT_TENANT, type HumanId, type TaskId, type TenantId } from '../../src/core/ids.ts'
import { keptAgent, keptAgents, putAgent, removeAgent } from '../../src/gate/fleet/kept-agents.ts'
import type { Store } from '../../src/store/store.ts'

const agent: FleetAgent = {
  id: 'agt_1',
  tenant: DEFAULT_TENANT,
  human: 'ada' as HumanId,
  task: 'tsk_1' as TaskId,
  agent: 'codex',
  machine: { id: 'm'.repeat(16), name: 'laptop', platform: 'linux' },
  hooks: { files: 'present', digest: 'a'.repeat(64) },
  first: 1_000,
  seen: 1_000,
  reported: 1_000,
}

/** What every store must do with agents that the gateway has heard of. */
export function describeFleet(current: () => Store, reopen: () => Promise<void>): void {
  const commit = (...changes: Parameters<Store['journal']['commit']>[0]['changes']) =>
    current().journal.commit({ records: [], changes })
  const kept = (now: number, tenant = DEFAULT_TENANT) => keptAgents(current().logins, tenant, now)

  it('R-AGT-1: keeps the agents of each tenant as they were last seen, latest first, for as long as they are kept', async () => {
    const other = { ...agent, id: 'agt_2', seen: 2_000 }
    await commit(putAgent(agent, 5_000), putAgent(other, 5_000))
    const heard = { ...agent, seen: 3_000, heard: 3_000 }
    expect(await commit(putAgent(heard, 5_000))).toBe('committed')
    await reopen()
    expect(await kept(3_000)).toEqual([heard, other])
    expect(await keptAgent(current().logins, DEFAULT_TENANT, 'agt_1')).toEqual(heard)
    expect(await kept(3_000, 'acme' as TenantId)).toEqual([])
    expect(await kept(7_001)).toEqual([heard])
    expect(await commit(removeAgent(heard))).toBe('committed')
    expect(await commit(removeAgent(heard))).toBe('conflict')
    expect(await kept(3_000)).toEqual([other])
  })
}
