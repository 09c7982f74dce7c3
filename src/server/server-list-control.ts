import { canonicalJson } from '../core/canonical-json.ts'
import { asRemitError, RemitError } from '../core/errors.ts'
import type { JsonObject } from '../core/json.ts'
import type { DirectoryChanges, PendingServers, ServersReload } from '../gate/server-list.ts'
import { compareServers, mayLoosenServers, needingRestart, type ServerChanges } from './compare-servers.ts'
import { newFacts } from './configured-facts.ts'
import type { Foundation } from './open-foundation.ts'
import { mayLoosenDirectory } from './live-directory.ts'
import type { ServerSet } from './live-servers.ts'
import { resolveSecrets, resolveWhatIsThere } from './secrets.ts'
import { sha256 } from './system-clock.ts'

/** Who a change of the file on disk is put down to: the gateway cannot know who wrote it. */
const ACTOR = 'config-file'

type Sources = Pick<
  Foundation,
  'loaded' | 'reread' | 'servers' | 'directory' | 'secretPlaces' | 'record' | 'log' | 'store' | 'tenant'
>

interface Held {
  readonly hash: string
  readonly next: ServerSet
  readonly changes: AllChanges
}

/** With those of people, workflows and workloads, where there are any. */
type AllChanges = ServerChanges & { readonly directory?: DirectoryChanges }

/**
 * Takes over what `remit.yaml` says of servers, people, workflows and workloads while the gateway runs; one reading after
 * the other.
 */
export class ServerListControl {
  readonly #sources: Sources
  #held: Held | undefined
  #refused: string | undefined
  #needsRestart: readonly string[] = []
  #running: Promise<unknown> = Promise.resolve()

  constructor(sources: Sources) {
    this.#sources = sources
  }

  /** Why the file as it lies there is not in force; undefined = it is. */
  get refused(): string | undefined {
    return this.#refused
  }

  /** Keys at the top of the file that differ from what the gateway was started with. */
  get needsRestart(): readonly string[] {
    return this.#needsRestart
  }

  get waiting(): PendingServers | undefined {
    return this.#held === undefined ? undefined : { hash: this.#held.hash, ...this.#held.changes }
  }

  /**
   * Reads the file again. What cannot be taken over leaves the list in force as it is, and is in the log, in the status
   * and on record.
   * @param by who asked for it; absent = the file changed.
   * @throws RemitError `config_invalid`.
   */
  reload(by?: string): Promise<ServersReload> {
    return this.#inTurn(async () => {
      try {
        return await this.#reload(by ?? ACTOR)
      } catch (thrown) {
        await this.#refuse(asRemitError(thrown), by ?? ACTOR)
        throw thrown
      }
    })
  }

  /** Puts in force what waits under this hash. @throws RemitError `policy_not_waiting`. */
  accept(hash: string, by: string): Promise<ServersReload> {
    return this.#inTurn(async () => {
      const held = this.#held
      if (held?.hash !== hash) {
        throw new RemitError('policy_not_waiting', `no change of servers with the hash \`${hash}\` waits`)
      }
      // On record before it counts.
      await this.#sources.record('policy.accepted', { hash }, { actor: by })
      const { loaded } = held.next
      // A secret may have been rotated while it waited.
      const secrets = resolveSecrets(loaded, this.#sources.secretPlaces)
      return this.#take({ loaded, secrets }, held.changes, by)
    })
  }

  /** Some secret has another value now. @returns servers whose sessions begin anew. */
  resolveAgain(): Promise<readonly string[]> {
    return this.#inTurn(async () => {
      const { servers, secretPlaces, log } = this.#sources
      const { loaded } = servers.inForce
      const prepared = servers.prepare({ loaded, secrets: resolveWhatIsThere(loaded, secretPlaces) })
      prepared.take()
      const { replaced } = prepared
      if (replaced.length > 0) log.log('info', 'server.credentials_changed', { servers: replaced })
      return replaced
    })
  }

  async #reload(actor: string): Promise<ServersReload> {
    const { loaded, reread, servers, log } = this.#sources
    const next = reread()
    const restart = needingRestart(loaded.config, next.config)
    if (restart.join() !== this.#needsRestart.join() && restart.length > 0) {
      log.log('warn', 'config.needs_restart', { keys: restart, message: restartText(restart) })
    }
    this.#needsRestart = restart
    refuseNewFacts(this.#sources, next)
    const set = { loaded: next, secrets: resolveSecrets(next, this.#sources.secretPlaces) }
    const people = this.#sources.directory.compare(next.config)
    const changes: AllChanges = {
      ...compareServers(servers.inForce.loaded.config, next.config),
      ...(people === undefined ? {} : { directory: people }),
    }
    const loosens = mayLoosenServers(changes, next.config) || mayLoosenDirectory(people)
    const waits = loaded.config.loosening === 'second-person' && loosens
    return waits ? this.#hold(set, changes, actor) : this.#take(set, changes, actor)
  }

  async #hold(next: ServerSet, changes: AllChanges, actor: string): Promise<ServersReload> {
    const { servers, virtualServers, humans, workflows, workloads } = next.loaded.config
    const part = { servers, virtualServers, humans, workflows, workloads }
    const hash = sha256(canonicalJson(JSON.parse(JSON.stringify(part)) as JsonObject))
    // What could not be put in force is not for anybody to agree to.
    await this.#sources.servers.prepare(next).drop()
    await this.#dropPeople(changes.directory, actor)
    if (this.#held?.hash !== hash) {
      const data = { hash, ...changes }
      this.#sources.log.log('warn', 'server.held', data)
      await this.#sources.record('server.held', data, { actor })
    }
    this.#held = { hash, next, changes }
    this.#refused = undefined
    return this.#answer('held', changes)
  }

  /** Whoever is gone from the file has no authority here, while the rest of the change waits. */
  async #dropPeople(changes: DirectoryChanges | undefined, actor: string): Promise<void> {
    const gone = changes?.humans.removed ?? []
    if (gone.length === 0) return
    this.#sources.directory.drop(gone)
    this.#sources.log.log('info', 'directory.changed', { humans: { removed: gone } })
    await this.#sources.record('directory.changed', { humans: { removed: gone } }, { actor })
    await this.#lookAgain()
  }

  /** Calls that were being decided with the people of before are decided again: none of those is recorded after this. */
  async #lookAgain(): Promise<void> {
    const { store, tenant } = this.#sources
    await store.journal.commit({ records: [], changes: [{ kind: 'advance-standing', tenant }] })
  }

  async #take(next: ServerSet, changes: AllChanges, actor: string): Promise<ServersReload> {
    const { servers, directory, log, record } = this.#sources
    const prepared = servers.prepare(next)
    const { replaced, unconfined } = prepared
    const { directory: people, ...list } = changes
    const news = isNews(list) || replaced.length > 0
    try {
      // On record before it counts.
      if (people !== undefined) await record('directory.changed', { ...people }, { actor })
      if (news) await record('server.changed', { ...list, replaced, unconfined }, { actor })
    } catch (error) {
      await prepared.drop()
      throw error
    }
    prepared.take()
    if (people !== undefined) directory.take(next.loaded)
    this.#held = undefined
    this.#refused = undefined
    if (people !== undefined) {
      log.log('info', 'directory.changed', { ...people })
      await this.#lookAgain()
    }
    if (news) log.log('info', 'server.changed', { ...list, replaced, unconfined })
    return this.#answer(news || people !== undefined ? 'changed' : 'unchanged', changes)
  }

  async #refuse(error: RemitError, actor: string): Promise<void> {
    const { log, record } = this.#sources
    const { message } = error
    if (this.#refused === message) return
    this.#refused = message
    log.log('error', 'config.refused', { message })
    try {
      await record('config.refused', {}, { actor, comment: message })
    } catch (thrown) {
      log.log('error', 'config.not_recorded', { message: asRemitError(thrown).message })
    }
  }

  #answer(status: ServersReload['status'], { directory, ...changes }: AllChanges): ServersReload {
    const waiting = this.#held?.hash
    return {
      status,
      changes,
      ...(directory === undefined ? {} : { directory }),
      servers: [...this.#sources.servers.upstreams.keys()],
      needsRestart: this.#needsRestart,
      ...(waiting === undefined ? {} : { waiting }),
    }
  }

  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const next = this.#running.then(work)
    this.#running = next.catch(() => {})
    return next
  }
}

/** Policies were compiled with the facts that there were at start. */
function refuseNewFacts({ loaded }: Sources, next: ServerSet['loaded']): void {
  const lines = newFacts(loaded.config, next.config).map(
    (path) =>
      `${next.source.position(path)}: \`${path.join('.')}\` is a fact that policies do not know yet: it needs a restart`,
  )
  if (lines.length > 0) throw new RemitError('config_invalid', lines.join('\n'))
}

function restartText(keys: readonly string[]): string {
  const named = keys.map((key) => `\`${key}\``).join(', ')
  return `${named} changed in the file; only a restart takes that over`
}

function isNews({ added, removed, changed, virtual }: ServerChanges): boolean {
  return added.length + removed.length + Object.keys(changed).length + virtual.length > 0
}
