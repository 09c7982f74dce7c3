import { steeringDifference, type Sight } from '../../approvals/world.ts'
import type { Grant } from '../../core/grant.ts'
import type { ConsideredCall } from '../consider-call.ts'
import type { GateDeps } from '../gate-deps.ts'
import { folderSight, serverSight, sightOf } from './look-at-world.ts'

/**
 * Why consent that lasts does not count for this call: a script or a manifest that decides what it runs, its working
 * folder or its server is another than when people were asked. Looks at these alone, before every use.
 * Undefined = all of it is as it was, or nobody looks.
 */
export async function whySteered(
  deps: GateDeps,
  { caller, call, classification }: ConsideredCall,
  grant: Grant,
): Promise<string | undefined> {
  if (deps.world === undefined) return undefined
  const { workspace } = caller.chain.task
  const context = workspace === undefined ? {} : { workspace }
  const named = deps.classifier.referents(call, context, classification.operations)
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
