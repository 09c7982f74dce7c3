import { isDeepStrictEqual } from 'node:util'
import { isServerKey, type ServerKey } from '../core/ids.ts'
import type { ServerSettings } from '../mcp/door-deps.ts'
import type { LargeMessages } from '../mcp/large-messages.ts'
import { PooledUpstream, type UpstreamOptions } from '../mcp/upstream-pool.ts'
import type { Upstream, UpstreamConfig } from '../mcp/upstream.ts'
import type { VirtualServer } from '../mcp/virtual-server.ts'
import type { Config, ServerConfig } from './config-schema.ts'
import { unconfinedOf } from './confinement.ts'
import { serverSettings, upstreamConfig } from './describe-upstreams.ts'
import { describeVirtualServers } from './describe-virtual-servers.ts'
import type { LoadedConfig } from './load-config.ts'
import type { LauncherOf } from './sandbox/create-launchers.ts'
import type { ResolvedServer } from './secrets.ts'

/** A list of servers with everything that it is made of. */
export interface ServerSet {
  readonly loaded: LoadedConfig
  readonly secrets: Readonly<Record<string, ResolvedServer>>
}

/**
 * Somebody who keeps something made of the list. Makes it for the next list, or throws when it cannot be made; what is
 * returned puts it in force and cannot fail.
 */
export type Follower = (next: ServerSet) => () => void

/** A list that could be put in force at once. */
export interface PreparedServers {
  /** Servers whose sessions begin anew. */
  readonly replaced: readonly string[]
  /** All of the list whose programs run without a sandbox. */
  readonly unconfined: readonly string[]
  /** Puts it in force: from here on no request sees what was before. */
  take(): void
  /** Lets go of what was opened for it. */
  drop(): Promise<void>
}

/** The servers behind the gateway: the maps stay the same objects while what is in them changes. */
export class LiveServers {
  #options: UpstreamOptions
  readonly #launcherOf: LauncherOf
  readonly #upstreams = new Map<ServerKey, PooledUpstream>()
  readonly #settings = new Map<ServerKey, ServerSettings>()
  readonly #virtual = new Map<string, VirtualServer>()
  readonly #retiring = new Set<PooledUpstream>()
  readonly #followers: Follower[] = []
  #released: (server: ServerKey) => Promise<void> = () => Promise.resolve()
  #inForce: ServerSet

  /** @param launcherOf how the programs are started; equal settings make equal launchers. */
  constructor(first: ServerSet, options: UpstreamOptions, launcherOf: LauncherOf) {
    this.#options = options
    this.#launcherOf = launcherOf
    this.#inForce = first
  }

  /** Opens what is behind the first list. @param large who reads the large messages of the servers. */
  open(large: LargeMessages): void {
    this.#options = { ...this.#options, large }
    this.#put(this.#inForce, this.#upstreamsOf(this.#inForce))
  }

  get upstreams(): ReadonlyMap<ServerKey, Upstream> {
    return this.#upstreams
  }

  get settings(): ReadonlyMap<ServerKey, ServerSettings> {
    return this.#settings
  }

  get virtual(): ReadonlyMap<string, VirtualServer> {
    return this.#virtual
  }

  get inForce(): ServerSet {
    return this.#inForce
  }

  /** What the configuration says of a server that is in force. */
  configOf(key: string): ServerConfig | undefined {
    const { servers } = this.#inForce.loaded.config
    return Object.hasOwn(servers, key) ? servers[key] : undefined
  }

  follow(follower: Follower): void {
    this.#followers.push(follower)
  }

  /** @param released resolves when no request that is open can reach what the server was. */
  retireAfter(released: (server: ServerKey) => Promise<void>): void {
    this.#released = released
  }

  /** @throws whatever a follower throws; nothing is changed then. */
  prepare(next: ServerSet): PreparedServers {
    const commits = this.#followers.map((follower) => follower(next))
    const upstreams = this.#upstreamsOf(next)
    const opened = [...upstreams].filter(([key, upstream]) => this.#upstreams.get(key) !== upstream)
    return {
      unconfined: unconfinedOf(upstreams),
      replaced: opened.flatMap(([key]) => (this.#upstreams.has(key) ? [key] : [])),
      take: () => {
        const gone = [...this.#upstreams].filter(([key, upstream]) => upstreams.get(key) !== upstream)
        this.#put(next, upstreams)
        for (const commit of commits) commit()
        for (const [key, upstream] of gone) this.#retire(key, upstream)
      },
      drop: async () => {
        await Promise.all(opened.map(([, upstream]) => upstream.close()))
      },
    }
  }

  /** Closes everything, whatever runs. */
  async close(): Promise<void> {
    await Promise.all([...this.#upstreams.values(), ...this.#retiring].map((upstream) => upstream.close()))
  }

  /** Those that are reached as before stay. */
  #upstreamsOf(next: ServerSet): ReadonlyMap<ServerKey, PooledUpstream> {
    const upstreams = new Map<ServerKey, PooledUpstream>()
    for (const described of describeAll(next, this.#launcherOf)) {
      const known = this.#upstreams.get(described.key)
      const same = known !== undefined && isDeepStrictEqual(known.config, described)
      upstreams.set(described.key, same ? known : new PooledUpstream(described, this.#options))
    }
    return upstreams
  }

  #put(next: ServerSet, upstreams: ReadonlyMap<ServerKey, PooledUpstream>): void {
    const { config, folder } = next.loaded
    replaceAll(this.#upstreams, upstreams)
    replaceAll(this.#settings, settingsOf(config, folder))
    const before = this.#inForce.loaded.config.virtualServers
    const virtual = [...describeVirtualServers(config)].map(([key, described]) => {
      const same = isDeepStrictEqual(before[key], config.virtualServers[key])
      return [key, (same ? this.#virtual.get(key) : undefined) ?? described] as const
    })
    replaceAll(this.#virtual, new Map(virtual))
    this.#inForce = next
  }

  /** Calls that began before are answered; then it goes. */
  #retire(key: ServerKey, upstream: PooledUpstream): void {
    this.#retiring.add(upstream)
    const { log } = this.#options
    this.#released(key)
      .then(() => upstream.retire())
      .catch((error: unknown) => {
        log.log('warn', 'server.not_closed', { server: key, reason: String(error) })
      })
      .finally(() => this.#retiring.delete(upstream))
  }
}

function describeAll({ loaded, secrets }: ServerSet, launcherOf: LauncherOf): readonly UpstreamConfig[] {
  return Object.entries(loaded.config.servers).flatMap(([key, server]) => {
    if (!isServerKey(key)) return []
    const resolved = secrets[key] ?? { env: {}, headers: {} }
    const launcher = server.command === undefined ? {} : { launcher: launcherOf(key, server, resolved) }
    return [upstreamConfig(key, server, { resolved, folder: loaded.folder, ...launcher })]
  })
}

function settingsOf(config: Config, folder: string): ReadonlyMap<ServerKey, ServerSettings> {
  return new Map(
    Object.entries(config.servers).flatMap(([key, server]) =>
      isServerKey(key) ? [[key, serverSettings(server, folder)] as const] : [],
    ),
  )
}

function replaceAll<Key, Value>(target: Map<Key, Value>, source: ReadonlyMap<Key, Value>): void {
  const entries = [...source]
  target.clear()
  for (const [key, value] of entries) target.set(key, value)
}
