import type { FleetAgent, Irregularity } from '../../core/fleet.ts'
import type { Caller } from '../gate.ts'
import { irregularRecord } from './fleet-records.ts'
import type { FleetWriter } from './fleet-writer.ts'
import { putAgent } from './kept-agents.ts'
import { type KnownTask, putKnown } from './known-tasks.ts'
import type { PresenceDeps } from './presence-deps.ts'

const DAY = 86_400_000

/** Puts it on record, and so before people: once a day for each task and reason, whatever the number of replicas. */
export function tellIrregular(
  { settings, log, keep }: Pick<PresenceDeps, 'settings' | 'log' | 'keep'>,
  writer: Pick<FleetWriter, 'beside'>,
  {
    caller: { chain },
    known,
    agent,
    reason,
  }: {
    readonly caller: Caller
    readonly known: KnownTask
    readonly agent: FleetAgent
    readonly reason: Irregularity
  },
): void {
  const { tenant, id } = chain.task
  const day = Math.floor(agent.seen / DAY)
  const mark = `${reason} ${day}`
  if (known.told.has(mark)) return
  known.told.add(mark)
  log.log('warn', 'agent.irregular', { reason, agent: agent.agent, task: id })
  const marked = { ...agent, irregular: { reason, at: agent.seen } }
  putKnown(known, marked)
  const once = {
    kind: 'add-tally' as const,
    tenant,
    root: id,
    what: `irregular ${reason}`,
    mark: day,
    most: 1,
  }
  const records = [irregularRecord(settings, chain, { agent, reason })]
  writer.beside({ records, changes: [once, putAgent(marked, keep)] }, () => {
    known.told.delete(mark)
  })
}
