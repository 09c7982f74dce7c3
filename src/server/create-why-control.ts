import type { GateDeps } from '../gate/gate-deps.ts'
import type { Administration } from '../gate/administration.ts'
import { answerWhy } from '../gate/why/answer-why.ts'
import { reportBlock } from '../gate/why/report-block.ts'
import type { WhyControl } from '../gate/why/why-control.ts'
import type { Foundation } from './open-foundation.ts'

export function createWhyControl(
  { store, tenant, policies, servers }: Foundation,
  gate: GateDeps,
  administration: Pick<Administration, 'recordRead'>,
): WhyControl {
  const deps = {
    ...gate,
    tenant,
    records: store.records,
    policies,
    ownerOf: (server: string) => servers.configOf(server)?.owner,
  }
  return {
    answer: async (actor, id) => {
      await administration.recordRead(actor, { id })
      return answerWhy(deps, actor, id)
    },
    report: async (actor, block) => reportBlock(deps, actor, block),
  }
}
