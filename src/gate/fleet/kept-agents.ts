import { canonicalJson } from '../../core/canonical-json.ts'
import type { Change } from '../../core/change.ts'
import type { FleetAgent, Machine } from '../../core/fleet.ts'
import type { Digest, HumanId, TenantId } from '../../core/ids.ts'
import type { StoredOAuthEntry } from '../../core/oauth-entry.ts'

/** Where agents are kept, beside what logging in keeps. */
export interface FleetStore {
  get(tenant: TenantId, model: string, id: string): Promise<StoredOAuthEntry | undefined>
  list(tenant: TenantId, model: string, uid: string): Promise<readonly StoredOAuthEntry[]>
}

const MODEL = 'fleet.agent'
/** All are listed under one name. */
const ALL = '*'

/** An agent of one human on one machine is one, whatever its task and version. */
export function agentIdOf(
  of: { readonly human: HumanId; readonly agent: string; readonly machine?: Pick<Machine, 'id'> | undefined },
  sha256: (text: string) => Digest,
): string {
  const { human, agent, machine } = of
  const digest = sha256(canonicalJson({ v: 1, kind: MODEL, human, agent, machine: machine?.id ?? null }))
  return `agt_${digest.slice(0, 32)}`
}

/** Latest seen first; those whose time is over are not there any more. */
export async function keptAgents(
  store: FleetStore,
  tenant: TenantId,
  now: number,
): Promise<readonly FleetAgent[]> {
  const entries = await store.list(tenant, MODEL, ALL)
  return entries.flatMap((entry) => (entry.expires < now ? [] : [agentOf(entry)])).toReversed()
}

export async function keptAgent(
  store: FleetStore,
  tenant: TenantId,
  id: string,
): Promise<FleetAgent | undefined> {
  const entry = await store.get(tenant, MODEL, id)
  return entry && agentOf(entry)
}

/** In place of what was known of it. @param keep milliseconds after it was last seen. */
export function putAgent(agent: FleetAgent, keep: number): Change {
  const { tenant, id, seen } = agent
  const body = JSON.stringify(agent)
  return {
    kind: 'put-oauth',
    entry: { tenant, model: MODEL, id, uid: ALL, at: seen, expires: seen + keep, body },
  }
}

/** Conflict when it is not there. */
export function removeAgent({ tenant, id }: Pick<FleetAgent, 'tenant' | 'id'>): Change {
  return { kind: 'remove-oauth', tenant, model: MODEL, id }
}

function agentOf({ body }: StoredOAuthEntry): FleetAgent {
  return JSON.parse(body) as FleetAgent
}
