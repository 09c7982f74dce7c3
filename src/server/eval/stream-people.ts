import type { Human } from '../../core/identity.ts'
import type { HumanId, TenantId } from '../../core/ids.ts'
import type { HumanDirectory } from '../../identity/human-directory.ts'

/** The people of a stream: whom the configuration names, and whoever answered, as they were last said to be. */
export class StreamPeople implements HumanDirectory {
  readonly configured: HumanDirectory
  readonly #enrolled: readonly Human[]
  readonly #said = new Map<HumanId, Human>()

  /** @param enrolled who counts as enrolled: of a stream without configured humans nobody knows who else is. */
  constructor(configured: HumanDirectory, enrolled: readonly Human[]) {
    this.configured = configured
    this.#enrolled = enrolled
  }

  /** Consent that lasts is asked about again later: whoever gave it is who they said they were. */
  answered(human: Human): void {
    this.#said.set(human.id, human)
  }

  find(tenant: TenantId, id: HumanId): Human | undefined {
    const said = this.#said.get(id)
    return said?.tenant === tenant ? said : this.configured.find(tenant, id)
  }

  list(): readonly Human[] {
    return this.#enrolled
  }
}
