import { createAdminPlane } from '../api/admin-plane.ts'
import { BrowserDoor } from '../api/browser-door.ts'
import { StreamPlaces } from '../api/event-stream.ts'
import { createConsole, servesConsole } from '../api/console-page.ts'
import { servesSlack } from '../api/slack-endpoint.ts'
import { createLoginPages, servesLogin } from '../api/login-pages.ts'
import type { PageSending } from '../api/send-page.ts'
import type { AdminPorts } from '../api/admin-ports.ts'
import { RemitError } from '../core/errors.ts'
import type { ServerKey } from '../core/ids.ts'
import type { Administration } from '../gate/administration.ts'
import { explainPastDecision } from '../gate/explain-past-decision.ts'
import type { GateDeps } from '../gate/gate-deps.ts'
import type { Erasures } from '../gate/erasure/erasures.ts'
import type { Fleet } from '../gate/fleet/list-fleet.ts'
import type { ViewKeeper } from '../gate/views/manage-views.ts'
import { ofWhom } from '../gate/read-records.ts'
import type { Upstream } from '../mcp/upstream.ts'
import { SessionCookie } from '../login/session-cookie.ts'
import { makeHostGuard } from '../net/check-host.ts'
import { checkServers, type CheckSources } from './check-servers.ts'
import { createConnectControl } from './connect-control.ts'
import { createDemoApprover } from './demo-approver.ts'
import { delegationPages } from './delegation-pages.ts'
import { loadConsole } from './load-console.ts'
import { loadPageScripts } from './load-page-scripts.ts'
import { parseAddress } from './listen-address.ts'
import type { OAuthDoor } from './oauth-door.ts'
import type { Foundation } from './open-foundation.ts'
import { packageVersion } from './package-version.ts'
import { createPolicyView } from './policy-view.ts'
import { createPolicyControl } from './policy-control.ts'
import { slackEndpoint } from './serve-slack.ts'
import { recordRefused } from './refused-credentials.ts'
import type { ServerListControl } from './server-list-control.ts'
import { createStatusReporter, type StatusSources } from './report-status.ts'
import { createBackupControl } from './backup/backup-records.ts'
import { createKeyControl } from './key-control.ts'
import { createSecretControl } from './secret-control.ts'
import type { ReviewDesk } from '../gate/review/review-desk.ts'
import { createPastControl } from './replay/create-past-control.ts'
import { createReviewControl } from './run-reviews.ts'
import { createWhyControl } from './create-why-control.ts'
import { SYSTEM_CLOCK, SYSTEM_ENTROPY } from './system-clock.ts'

export interface AdminServing {
  readonly serverList: ServerListControl
  readonly reviews: StatusSources['reviews']
  readonly gate: GateDeps
  readonly reviewDesk: ReviewDesk
  readonly pins: CheckSources['pins']
  readonly ledger: StatusSources['ledger']
  readonly demo: boolean
  readonly oauth: OAuthDoor
  readonly erasures: Erasures
  readonly views: ViewKeeper
  readonly fleet: Fleet
  /** False once the gateway is stopping. */
  readonly open: () => boolean
}

/** What people change while the gateway runs. */
function controlsOf(
  foundation: Foundation,
  { serverList }: AdminServing,
): Pick<AdminPorts, 'connectControl' | 'keyControl' | 'backupControl' | 'secretControl' | 'policyControl'> {
  return {
    connectControl: createConnectControl(foundation),
    keyControl: createKeyControl(foundation.tokenKeys),
    backupControl: createBackupControl(foundation.tenant, foundation.store.journal),
    secretControl: createSecretControl(foundation, serverList),
    policyControl: createPolicyControl(foundation, serverList),
  }
}

/** Puts the admin plane on its listener. */
export function serveAdmin(
  foundation: Foundation,
  administration: Administration,
  serving: AdminServing,
): void {
  const { loaded, planes, actors, log, store, policies, observe, metrics, tenant, servers } = foundation
  const { config } = loaded
  const reporter = createStatusReporter({
    ...serving,
    config,
    file: loaded.file,
    servers,
    store,
    policies,
    observe,
    metrics,
    couriers: foundation.couriers,
    labels: loaded.installation !== undefined || foundation.sharing !== undefined ? { tenant } : {},
    urls: planes.urls,
    version: packageVersion(),
    started: SYSTEM_CLOCK.now(),
  })
  const ports: AdminPorts = {
    ...browserSide(foundation),
    ...reporter,
    checkServers: (server) =>
      checkServers({
        ...serving,
        upstreams: named(servers.upstreams, server),
        servers: servers.inForce.loaded.config.servers,
        clock: SYSTEM_CLOCK,
      }),
    serverControl: { reload: ({ human }) => serving.serverList.reload(human.id) },
    administration,
    ...controlsOf(foundation, serving),
    erasures: serving.erasures,
    views: serving.views,
    fleet: serving.fleet,
    scrub: (value) => foundation.scrubber.json(value),
    streams: new StreamPlaces(),
    policyView: createPolicyView(policies),
    authenticate: recordRefused((shown) => actors.authenticate(shown), {
      ...foundation,
      clock: SYSTEM_CLOCK,
    }),
    metricsOpen: config.metrics.access === 'loopback',
    explain: async (actor, id) => {
      // Whoever looks leaves a trace, as with every reading of the records.
      await administration.recordRead(actor, { id })
      return explainPastDecision({ ...store, ...ofWhom(actor), tenant, policies }, id)
    },
    why: createWhyControl(foundation, serving.gate, administration),
    review: createReviewControl(serving.reviewDesk, administration),
    past: createPastControl(foundation, administration),
    hostGuard: hostGuardOf(foundation),
    bodyCap: config.limits.adminBody,
    log,
    ...(serving.demo ? { demoApprover: createDemoApprover({ ...foundation, tasks: store.tasks }) } : {}),
  }
  listen(foundation, serving.oauth, ports)
}

function hostGuardOf({ loaded, planes }: Foundation): AdminPorts['hostGuard'] {
  return makeHostGuard({
    address: parseAddress(loaded.config.listen.admin)?.host ?? '',
    port: planes.admin.port,
    publicUrls: [planes.urls.admin],
  })
}

function listen(foundation: Foundation, oauth: OAuthDoor, ports: AdminPorts): void {
  const plane = createAdminPlane(ports)
  const delegations = delegationPages(foundation, oauth, ports)
  const logins = createLoginPages({ ...ports.pages, ...ports })
  const slack = slackEndpoint(foundation, ports.administration)
  const console = createConsole({ ...ports.pages, ...ports, console: loadConsole() })
  foundation.planes.admin.serve((request, response) => {
    if (delegations.serves(request.url)) delegations.handle(request, response)
    else if (servesLogin(request.url)) logins(request, response)
    else if (slack !== undefined && servesSlack(request.url)) slack(request, response)
    else if (servesConsole(request.url)) console(request, response)
    else plane(request, response)
  })
}

function browserSide({ login, loaded, tenant, planes }: Foundation): {
  readonly browsers: BrowserDoor
  readonly pages: PageSending
} {
  const { protocol, pathname } = new URL(planes.urls.admin)
  const base = pathname.replace(/\/$/, '')
  const secure = protocol === 'https:'
  const of = loaded.installation === undefined ? undefined : tenant
  const cookies = {
    cookie: new SessionCookie(secure, of),
    trip: new SessionCookie(secure, of, 'trip'),
  }
  return {
    browsers: new BrowserDoor(login, cookies, base),
    pages: {
      scripts: loadPageScripts(),
      base,
      random: (size) => SYSTEM_ENTROPY.bytes(size),
      now: () => SYSTEM_CLOCK.now(),
    },
  }
}

/** @throws RemitError `not_found`. */
function named(
  upstreams: ReadonlyMap<ServerKey, Upstream>,
  server: string | undefined,
): ReadonlyMap<string, Upstream> {
  if (server === undefined) return upstreams
  const upstream = upstreams.get(server as ServerKey)
  if (upstream === undefined) throw new RemitError('not_found', `no server \`${server}\` is configured`)
  return new Map([[server, upstream]])
}
