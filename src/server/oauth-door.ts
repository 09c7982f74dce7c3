import { createHmac } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Dispatcher, fetch as guardedFetch } from 'undici'
import { asRemitError, RemitError } from '../core/errors.ts'
import type { DelegationRequests, DeviceCodes } from '../gate/delegation-requests.ts'
import type { OAuthTasks } from '../gate/oauth-tasks.ts'
import { checkHost, type HostGuard } from '../net/check-host.ts'
import { createSafeAgent } from '../net/safe-dispatcher.ts'
import type { AuthorizationServer } from '../oauth/authorization-server.ts'
import { servesOAuth } from '../oauth/paths.ts'
import type { Cleanup } from './cleanup.ts'
import { composeIntrospection } from './compose-introspection.ts'
import { tokenPlace } from './compose-gate-deps.ts'
import type { Foundation } from './open-foundation.ts'
import { SYSTEM_CLOCK, SYSTEM_ENTROPY } from './system-clock.ts'

/** The authorization server, loaded when somebody first asks for it. */
export interface OAuthDoor {
  serves(request: IncomingMessage): boolean
  handle(request: IncomingMessage, response: ServerResponse, guard: HostGuard): void
  requests(): Promise<DelegationRequests>
  devices(): Promise<DeviceCodes>
}

/** Requests in a minute that make the server keep something for a stranger. */
const STRANGERS = { most: 120, window: 60_000 }
const KEEPS = /^\/oauth\/(authorize|register|device)(\?|$)/

export function createOAuthDoor(foundation: Foundation, tasks: OAuthTasks, cleanup: Cleanup): OAuthDoor {
  const { log } = foundation
  let loading: Promise<AuthorizationServer> | undefined
  const load = (): Promise<AuthorizationServer> => (loading ??= open(foundation, tasks, cleanup))
  const strangers = { from: 0, count: 0 }
  const admits = (url: string): boolean => {
    if (!KEEPS.test(url)) return true
    const now = SYSTEM_CLOCK.now()
    if (now - strangers.from >= STRANGERS.window) Object.assign(strangers, { from: now, count: 0 })
    strangers.count += 1
    return strangers.count <= STRANGERS.most
  }
  return {
    serves: ({ url = '' }) => servesOAuth(url.split('?')[0] ?? ''),
    handle(request, response, guard) {
      const serve = async (): Promise<void> => {
        checkHost(request.headers, guard)
        if (!admits(request.url ?? ''))
          throw new RemitError('overloaded', 'too many ask at once; try again in a minute')
        const server = await load()
        server.handle(request, response)
      }
      serve().catch((thrown: unknown) => {
        const { status, code, message, detail } = asRemitError(thrown)
        log.log(status >= 500 ? 'error' : 'warn', 'oauth.refused', { code, detail })
        const body = JSON.stringify({
          error: 'temporarily_unavailable',
          error_description: `${code}: ${message}`,
        })
        response.writeHead(status, {
          'content-type': 'application/json',
          'cache-control': 'no-store',
          connection: 'close',
        })
        response.end(body)
      })
    },
    requests: async () => (await load()).requests,
    devices: async () => (await load()).devices,
  }
}

async function open(
  foundation: Foundation,
  tasks: OAuthTasks,
  cleanup: Cleanup,
): Promise<AuthorizationServer> {
  const { planes, store, tenant, keys, loaded, log } = foundation
  const { createAuthorizationServer } = await import('../oauth/authorization-server.ts')
  const { audience, issuer } = tokenPlace(foundation)
  const ownPorts = new Set([planes.agent.port, planes.admin.port])
  const own = new Set(foundation.loaded.config.oauth.privateDocuments)
  const agent = (allowPrivate: boolean): Dispatcher => {
    const dispatcher = createSafeAgent({ ownPorts: () => ownPorts, allowPrivate })
    cleanup.add('documents of clients', () => dispatcher.close())
    return dispatcher
  }
  const [outside, inside] = [agent(false), agent(true)]
  return createAuthorizationServer({
    tenant,
    issuer,
    audience,
    adminUrl: planes.urls.admin,
    store: store.oauth,
    journal: store.journal,
    tasks,
    keys: foundation.tokenKeys,
    introspection: composeIntrospection(foundation),
    nonceSecret: createHmac('sha256', keys.requestState).update('oauth nonces').digest(),
    nonceRequired: loaded.config.proofs.nonce !== 'on-skew',
    clientCertificates: planes.agent.certificates,
    cookieKey: createHmac('sha256', keys.requestState).update('oauth cookies').digest('base64url'),
    fetchDocument: async (url, { signal }) => {
      const dispatcher = own.has(new URL(url).host) ? inside : outside
      const options = { redirect: 'manual', headers: { accept: 'application/json' }, dispatcher } as const
      return guardedFetch(url, { ...options, signal: signal ?? null })
    },
    clock: SYSTEM_CLOCK,
    entropy: SYSTEM_ENTROPY,
    log,
  })
}
