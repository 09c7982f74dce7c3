import type { Human } from '../core/identity.ts'
import type { HumanId, TenantId } from '../core/ids.ts'

/** Who is known here, live: asked at every decision, so that a lost role counts at once. */
export interface HumanDirectory {
  find(tenant: TenantId, id: HumanId): Human | undefined
  list(tenant: TenantId): readonly Human[]
  /** Also whoever does not count now and may again, once their provider vouches for them. Absent = those of `list`. */
  enrolled?(tenant: TenantId): readonly HumanId[]
  /**
   * Sees to it that what is answered from now on is no older than this revision of what ends authority (`Standing`).
   * Absent = nobody but this process changes who is known.
   * @param revision absent = than now.
   * @returns undefined = it is so already.
   */
  catchUp?(revision?: number): Promise<void> | undefined
}

/** A directory of a fixed list, as from `remit.yaml`. Of two humans with one id the later one counts. */
export function directoryOf(humans: readonly Human[]): HumanDirectory {
  const byTenant = new Map<TenantId, Map<HumanId, Human>>()
  for (const human of humans) {
    const known = byTenant.get(human.tenant) ?? new Map<HumanId, Human>()
    known.set(human.id, human)
    byTenant.set(human.tenant, known)
  }
  return {
    find: (tenant, id) => byTenant.get(tenant)?.get(id),
    list: (tenant) => [...(byTenant.get(tenant)?.values() ?? [])],
  }
}
