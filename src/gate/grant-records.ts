import type { Grant } from '../core/grant.ts'
import type { TaskChain } from '../core/identity.ts'
import { RECORD_VERSION, type NewRecord } from '../core/record.ts'
import type { Actor } from './administration.ts'
import type { AdministrationDeps } from './administration-deps.ts'
import { identityOf } from './build-records.ts'
import { isPlainName } from './plain-name.ts'

interface GrantStep {
  /** Of the task that it is for; absent only when it cannot be loaded any more. */
  readonly chain: TaskChain | undefined
  readonly actor: Actor
}

/** What it covers is kept, erasably, with the record: arguments may name what only the people concerned may read. */
export function grantCreated(deps: AdministrationDeps, grant: Grant, step: GrantStep): NewRecord {
  const { operations, arguments: covered, notes, wider } = grant.covers
  return {
    ...grantRecord(deps, grant, { ...step, kind: 'grant.created', at: grant.created }),
    detail: {
      data: {
        covers: {
          arguments: covered,
          notes,
          ...(wider === undefined ? {} : { slots: wider.slots.map((slot) => ({ ...slot })) }),
          operations: operations.map(({ action, resource, labels }) => ({
            action,
            resource: { ...resource },
            labels,
          })),
        },
      },
    },
  }
}

export function grantRevoked(
  deps: AdministrationDeps,
  grant: Grant,
  step: GrantStep & { readonly at: number; readonly reason: string },
): NewRecord {
  return { ...grantRecord(deps, grant, { ...step, kind: 'grant.revoked' }), detail: { comment: step.reason } }
}

function grantRecord(
  deps: AdministrationDeps,
  grant: Grant,
  step: GrantStep & { readonly kind: 'grant.created' | 'grant.revoked'; readonly at: number },
): NewRecord {
  const { chain, actor, kind, at } = step
  return {
    envelope: {
      v: RECORD_VERSION,
      kind,
      id: grant.id,
      tenant: grant.tenant,
      at: new Date(at).toISOString(),
      ...(chain === undefined ? {} : { identity: identityOf(chain) }),
      protection: deps.settings.protection,
      actor: actor.human.id,
      grant: { id: grant.id, approvers: grant.by },
      data: {
        approval: grant.approval,
        ...(grant.covers.wider === undefined ? {} : { widened: grant.covers.wider.axis }),
        expires: new Date(grant.expires).toISOString(),
        gates: grant.gates.map((gate) => gate.scope),
        server: grant.server,
        task: grant.task,
        ...(isPlainName(grant.tool) ? { tool: grant.tool } : {}),
      },
    },
  }
}
