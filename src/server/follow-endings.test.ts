import { expect, test } from 'vitest'
import { DEFAULT_TENANT, type HumanId, type ServerKey } from '../core/ids.ts'
import { SILENT } from '../core/log.ts'
import type { Halt, Standing } from '../core/standing.ts'
import { GateEvents } from '../gate/gate-events.ts'
import type { LedgerStore } from '../store/store.ts'
import { watchEndings } from './follow-endings.ts'

const stopped = (id: string): Halt => ({
  tenant: DEFAULT_TENANT,
  target: 'server',
  id,
  at: 0,
  by: 'mona' as HumanId,
  reason: 'x',
})

test('R-REL-2: what another replica ended or stopped is told here once, and what was told here is not told again', async () => {
  let standing: Standing = { revision: 0, halts: [] }
  const events = new GateEvents()
  const told: string[] = []
  const store = { writer: 'a', tasks: { standing: () => standing } } as unknown as LedgerStore
  const look = watchEndings({ store, events, tenant: DEFAULT_TENANT, log: SILENT })
  events.onAuthorityEnded(() => told.push('ended'))
  events.onListChanged(({ server }) => told.push(server ?? 'all'))
  const seen = async (): Promise<readonly string[]> => {
    await look()
    return told.splice(0)
  }
  await look()
  await look()
  told.length = 0
  expect(await seen()).toEqual([])

  standing = { revision: 1, halts: [stopped('slack')] }
  expect(await seen()).toEqual(['ended', 'slack'])
  // Once more: a call that was recorded just before may have been on its way.
  expect(await seen()).toEqual(['ended'])
  expect(await seen()).toEqual([])

  standing = { revision: 2, halts: [stopped('slack'), stopped('mail')] }
  events.listChanged({ server: 'mail' as ServerKey })
  expect(await seen()).toEqual(['mail', 'ended'])
  standing = { revision: 3, halts: [] }
  expect(await seen()).toEqual(['ended', 'slack', 'mail'])
})
