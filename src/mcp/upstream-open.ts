import type { JsonObject } from '../core/json.ts'
import type { Log } from '../core/log.ts'
import type { HttpEndpoint } from './upstream-endpoint.ts'
import type { LargeMessages } from './large-messages.ts'
import type { ClientInfo } from './upstream-envelope.ts'
import { LegacyHttpSession } from './upstream-http-legacy.ts'
import { ModernHttpSession } from './upstream-http-modern.ts'
import { versionUnknown } from './upstream-initialize.ts'
import { beginStdio, discoverHttp, type EraMemory } from './upstream-probe.ts'
import type { Scrub } from './upstream-scrub.ts'
import { StdioSession } from './upstream-stdio.ts'
import type { UpstreamConfig, UpstreamSession } from './upstream.ts'

export interface OpenOptions {
  readonly config: UpstreamConfig
  /** Of an HTTP server. */
  readonly endpoint: HttpEndpoint | undefined
  readonly scrub: Scrub
  readonly client: ClientInfo
  readonly clientCapabilities: JsonObject
  readonly eras: EraMemory
  readonly log: Log
  readonly large?: LargeMessages | undefined
}

/** Milliseconds for a process to start and to begin its session, however short its calls may take. */
const BEGIN_TIMEOUT = 30_000

/** Begins one session with a server of whichever era it is. @throws RemitError `upstream_*`, UpstreamRpcError. */
export function openSession(options: OpenOptions): Promise<UpstreamSession> {
  const { endpoint } = options
  return endpoint === undefined ? openStdio(options) : openHttp(options, endpoint)
}

async function openHttp(options: OpenOptions, endpoint: HttpEndpoint): Promise<UpstreamSession> {
  const { config, client, eras, clientCapabilities } = options
  const { timeout } = config
  const known = eras.recall()
  if (config.era !== 'legacy' && known?.era !== 'legacy') {
    // What a server says of itself to one human is not for another.
    const perHuman = config.transport.kind === 'http' && config.transport.perHuman === true
    const info = (perHuman ? undefined : known?.info) ?? (await discoverHttp(endpoint, client, timeout))
    if (info !== undefined) {
      if (known === undefined) eras.keep('modern', info)
      return new ModernHttpSession({ info, endpoint, client, timeout })
    }
    if (config.era === 'modern') throw versionUnknown('older than 2026-07-28')
  }
  const shared = config.session !== 'task'
  const session = await LegacyHttpSession.open({ endpoint, client, timeout, clientCapabilities, shared })
  if (known === undefined) eras.keep('legacy')
  return session
}

async function openStdio(options: OpenOptions): Promise<UpstreamSession> {
  const { config, client, eras, clientCapabilities, log, large, scrub } = options
  if (config.transport.kind !== 'stdio') throw new TypeError('not a stdio server')
  const shared = config.session !== 'task'
  const { transport, timeout } = config
  const session = await StdioSession.start({ transport, client, timeout, shared, log, large, scrub })
  try {
    const era = config.era === 'auto' ? (eras.recall()?.era ?? 'auto') : config.era
    session.info = await beginStdio(session, { client, clientCapabilities, timeout: BEGIN_TIMEOUT, era })
    if (eras.recall() === undefined) eras.keep(session.info.era)
    return session
  } catch (error) {
    // A remembered verdict may be what made it fail.
    eras.forget()
    await session.close()
    throw error
  }
}
