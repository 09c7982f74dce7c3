import { dirname } from 'node:path'
import { asRemitError } from '../../core/errors.ts'
import { watchFolders, type FolderWatch } from '../../policy/watch-folders.ts'
import type { Cleanup } from '../cleanup.ts'
import type { ComposeOptions, RunningGateway } from '../compose.ts'
import type { Foundation, SharedByTenants } from '../open-foundation.ts'
import { policyLocations } from '../policy-locations.ts'
import type { LoadedConfig } from '../load-config.ts'
import { loadTenant, rereadTenant, tenantFile } from './load-tenant.ts'
import type { Neighbours } from './neighbours.ts'
import { tenantEnviron } from './tenant-environ.ts'
import { tenantLog } from './tenant-log.ts'

/** A tenant of an installation, as it is now. */
export interface HostedTenant {
  readonly name: string
  readonly urls: RunningGateway['urls']
  /** Why nobody is served there; absent = somebody is. */
  readonly closed?: string
  readonly newApprover?: NonNullable<RunningGateway['newApprover']>
}

/** How soon a tenant that could not be opened is tried again, in milliseconds, though no file of it changed. */
const AGAIN = 10_000

type Compose = (options: ComposeOptions) => Promise<RunningGateway>

interface Place {
  readonly foundation: Foundation
  readonly compose: Compose
  readonly name: string
  readonly shared: SharedByTenants
  readonly neighbours: Neighbours
}

/**
 * Opens every tenant beside the installation's own. One that cannot be opened stays closed alone, and is tried again
 * until it can: what is wrong with it is in the log.
 */
export async function hostTenants(
  foundation: Foundation,
  compose: Compose,
  cleanup: Cleanup,
): Promise<{ list(): readonly HostedTenant[] }> {
  const { loaded, sharing, neighbours } = foundation
  if (sharing === undefined) return { list: () => [] }
  const tenants = Object.keys(loaded.config.tenants).map(
    (name) => new TenantHost({ foundation, compose, name, shared: sharing(name), neighbours }),
  )
  cleanup.add('tenants', async () => {
    await Promise.all(tenants.map((tenant) => tenant.stop()))
  })
  await Promise.all(tenants.map((tenant) => tenant.open()))
  return { list: () => tenants.map((tenant) => tenant.now()) }
}

class TenantHost {
  readonly #place: Place
  #running: RunningGateway | undefined
  #closed: string | undefined = 'it is being opened'
  #opening: Promise<void> | undefined
  #again: NodeJS.Timeout | undefined
  #watch: FolderWatch | undefined
  #stopped = false

  constructor(place: Place) {
    this.#place = place
  }

  open(): Promise<void> {
    this.#opening ??= this.#try().finally(() => {
      this.#opening = undefined
    })
    return this.#opening
  }

  now(): HostedTenant {
    const { name, shared } = this.#place
    const { newApprover } = this.#running ?? {}
    return {
      name,
      urls: shared.planes.urls,
      ...(this.#closed === undefined ? {} : { closed: this.#closed }),
      ...(newApprover === undefined ? {} : { newApprover }),
    }
  }

  async stop(): Promise<void> {
    this.#stopped = true
    this.#wait(undefined)
    await this.#opening
    await this.#running?.stop()
  }

  async #try(): Promise<void> {
    const { foundation, compose, name, shared, neighbours } = this.#place
    const log = tenantLog(foundation.log, name)
    this.#wait(undefined)
    let found: LoadedConfig | undefined
    try {
      const loaded = loadTenant(foundation.loaded, name)
      found = loaded
      this.#running = await compose({
        loaded,
        environ: tenantEnviron(foundation.environ, name),
        log,
        demo: false,
        reread: () => rereadTenant(loaded),
        shared,
        neighbours,
      })
      this.#closed = undefined
    } catch (thrown) {
      const { code, message, detail } = asRemitError(thrown)
      if (this.#closed !== message) log.log('error', 'tenant.closed', { code, message, detail })
      this.#closed = message
      if (!this.#stopped) this.#wait([dirname(tenantFile(foundation.loaded, name)), ...policyFolders(found)])
    }
  }

  /** Until something changes that might have mended it. @param folders absent = for nothing more. */
  #wait(folders: readonly string[] | undefined): void {
    clearTimeout(this.#again)
    this.#watch?.close()
    this.#watch = undefined
    if (folders === undefined) return
    const changed = (): void => void this.open()
    this.#again = setTimeout(changed, AGAIN).unref()
    this.#watch = watchFolders({ folders, matches: () => true, changed, onError: () => {} })
  }
}

function policyFolders(loaded: LoadedConfig | undefined): readonly string[] {
  return loaded === undefined ? [] : policyLocations(loaded, '').folders
}
