import { RemitError } from '../../core/errors.ts'
import { type HoldTarget, type LegalHold } from '../../core/erasure.ts'
import { newId } from '../../core/ids.ts'
import { rolesOf } from '../../core/roles.ts'
import type { JsonObject } from '../../core/json.ts'
import type { Actor } from '../administration.ts'
import { adminRecord } from '../admin-records.ts'
import { requireAdmin, requireHuman } from '../require-admin.ts'
import type { Erasures } from './erasures.ts'
import { orderErasure, requireSelection } from './order-erasure.ts'
import { countErasure, type ErasureDeps } from './run-erasure.ts'

/** Erasing is for admins, lifting a hold for auditors: where they are two people, neither can make evidence go. */
export function createErasures(deps: ErasureDeps): Erasures {
  const { tenant } = deps.settings
  return {
    async count(_actor, wish) {
      requireSelection(wish.selection)
      const { size } = await deps.records.head(tenant)
      return countErasure(deps, { ...wish, size })
    },
    async erase(actor, { selection, parts, reason }) {
      requireAdmin(actor, 'erasing')
      return orderErasure(deps, { selection, parts, reason, by: actor.human.id, leavesHeld: false })
    },
    listHolds: () => deps.holds.list(tenant),
    async placeHold(actor, { covers, reason }) {
      requireHuman(actor, 'placing a hold')
      const hold: LegalHold = {
        tenant,
        id: newId('hld', deps.entropy.bytes(16)),
        covers,
        at: deps.clock.now(),
        by: actor.human.id,
        reason,
      }
      const record = holdRecord(deps, actor, { kind: 'hold.placed', hold, reason })
      await deps.journal.commit({ records: [record], changes: [{ kind: 'put-hold', hold }] })
      return hold
    },
    async liftHold(actor, { id, reason }) {
      requireHuman(actor, 'lifting a hold')
      if (!rolesOf(actor.human).includes('auditor')) {
        throw new RemitError('role_missing', 'lifting a hold is for humans with the role `auditor`')
      }
      const hold = (await deps.holds.list(tenant)).find((each) => each.id === id)
      if (hold === undefined) throw noHold(id)
      const record = holdRecord(deps, actor, { kind: 'hold.lifted', hold, reason })
      const outcome = await deps.journal.commit({
        records: [record],
        changes: [{ kind: 'lift-hold', tenant, id }],
      })
      if (outcome === 'conflict') throw noHold(id)
      return hold
    },
  }
}

function noHold(id: string): RemitError {
  return new RemitError('not_found', `there is no hold \`${id}\`; see \`remit audit hold list\``)
}

function holdRecord(
  deps: ErasureDeps,
  actor: Actor,
  step: {
    readonly kind: 'hold.placed' | 'hold.lifted'
    readonly hold: LegalHold
    readonly reason: string
  },
) {
  const { kind, hold, reason } = step
  return adminRecord(deps.settings, {
    kind,
    id: hold.id,
    at: deps.clock.now(),
    actor: actor.human.id,
    data: { covers: coversJson(hold.covers) },
    detail: { comment: reason },
  })
}

function coversJson(covers: HoldTarget): JsonObject {
  return { ...covers }
}
