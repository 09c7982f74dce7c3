import type { FleetAgent, Irregularity } from '../../core/fleet.ts'
import type { JsonObject } from '../../core/json.ts'
import { RECORD_VERSION, type NewRecord } from '../../core/record.ts'
import type { TaskChain } from '../../core/identity.ts'
import { identityOf } from '../build-records.ts'
import type { GateSettings } from '../gate-deps.ts'

type Settings = Pick<GateSettings, 'protection'>

/** That an agent was heard of: its report, or a session of its hooks. The machine's name stands where it can be erased. */
export function seenRecord(
  settings: Settings,
  chain: TaskChain,
  {
    agent,
    by,
    session,
  }: { readonly agent: FleetAgent; readonly by: 'report' | 'hook'; readonly session?: string },
): NewRecord {
  const { version, remit, hooks } = agent
  return agentRecord(settings, chain, {
    agent,
    kind: 'agent.seen',
    data: {
      by,
      version: version ?? null,
      remit: remit ?? null,
      hooks: hooks?.files ?? null,
      digest: hooks?.digest ?? null,
      session: session ?? null,
    },
  })
}

export function irregularRecord(
  settings: Settings,
  chain: TaskChain,
  { agent, reason }: { readonly agent: FleetAgent; readonly reason: Irregularity },
): NewRecord {
  const { task } = chain
  return agentRecord(settings, chain, { agent, kind: 'agent.irregular', data: { reason, task: task.id } })
}

function agentRecord(
  { protection }: Settings,
  chain: TaskChain,
  of: {
    readonly agent: FleetAgent
    readonly kind: 'agent.seen' | 'agent.irregular'
    readonly data: JsonObject
  },
): NewRecord {
  const { id, tenant, agent, machine, seen } = of.agent
  return {
    envelope: {
      v: RECORD_VERSION,
      kind: of.kind,
      id,
      tenant,
      at: new Date(seen).toISOString(),
      identity: identityOf(chain),
      protection,
      actor: 'gateway',
      data: { agent, machine: machine?.id ?? null, ...of.data },
    },
    ...(machine === undefined
      ? {}
      : { detail: { data: { machine: machine.name, platform: machine.platform } } }),
  }
}
