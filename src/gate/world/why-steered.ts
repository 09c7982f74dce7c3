import { steeringDifference, type Sight } from '../../approvals/world.ts'
import type { Grant } from '../../core/grant.ts'
import type { Operation } from '../../core/operation.ts'
import type { TaskChain } from '../../core/identity.ts'
import type { ToolCall } from '../../core/tool-call.ts'
import type { GateDeps } from '../gate-deps.ts'
import { folderSight, serverSight, sightOf } from './look-at-world.ts'

export interface SteeredCall {
  readonly chain: TaskChain
  readonly call: ToolCall
  readonly operations: readonly Operation[]
}

/**
 * Why consent that lasts does not count for this call: a script or a manifest that decides what it runs, its working
 * folder or its server is another than when people were asked. Looks at these alone, before every use.
 * Undefined = all of it is as it was, or nobody looks.
 */
export async function whySteered(
  deps: GateDeps,
  { chain, call, operations }: SteeredCall,
  grant: Grant,
): Promise<string | undefined> {
  if (deps.world === undefined) return undefined
  const { workspace } = chain.task
  const context = workspace === undefined ? {} : { workspace }
  const named = deps.classifier.referents(call, context, operations)
  const files = named.files.filter(({ runs, steers }) => runs || steers)
  const seen = await deps.world.files(files.map(({ path }) => path))
  const sights: Sight[] = [...folderSight(named), ...serverSight(deps.world, call.server)]
  const unheld: string[] = []
  for (const [at, file] of files.entries()) {
    const there = seen[at]
    if (there === undefined || there.kind === 'unheld') unheld.push(file.name)
    else sights.push(sightOf(file, there))
  }
  const approval = await deps.approvals.get(grant.tenant, grant.approval)
  return steeringDifference(approval?.world, { sights, unheld }, deps.sha256)
}
