import { SecretScrubber } from '../classify/secrets/secret-scrubber.ts'
import type { Log } from '../core/log.ts'
import { createAdministration } from '../gate/create-administration.ts'
import { createGate } from '../gate/create-gate.ts'
import { createViews } from '../gate/views/manage-views.ts'
import { createOAuthTasks } from '../gate/oauth-tasks.ts'
import { createDelegation } from '../gate/delegate.ts'
import type { Environ, LoadedConfig } from './load-config.ts'
import { Cleanup } from './cleanup.ts'
import { composeGateDeps } from './compose-gate-deps.ts'
import { createOAuthDoor } from './oauth-door.ts'
import { observedNow } from './observe-setting.ts'
import { scrubbedLog } from './scrubbed-log.ts'
import {
  type Foundation,
  openFoundation,
  type QuietOptions,
  type SharedByTenants,
} from './open-foundation.ts'
import { openFleet } from './open-presence.ts'
import type { Upstream } from '../mcp/upstream.ts'
import { followEndings } from './follow-endings.ts'
import { followObserve } from './follow-observe.ts'
import { followPins } from './follow-pins.ts'
import { followPolicies } from './follow-policies.ts'
import { followSecrets } from './follow-secrets.ts'
import { followServers } from './follow-servers.ts'
import { packageVersion } from './package-version.ts'
import { removeGatewayFile, writeGatewayFile } from './gateway-file.ts'
import { recordPolicies } from './resume-policies.ts'
import { runReviews } from './run-reviews.ts'
import { runExports } from './run-exports.ts'
import { scheduleRotation } from './schedule-rotation.ts'
import { serveAdmin } from './serve-admin.ts'
import { serveAgents } from './serve-agents.ts'
import { ServerListControl } from './server-list-control.ts'
import { watchLedger } from './watch-ledger.ts'
import { attendApprovals } from './attend-approvals.ts'
import { SYSTEM_CLOCK } from './system-clock.ts'
import { keepRecords } from './keep-records.ts'
import { hostTenants, type HostedTenant } from './tenants/host-tenants.ts'
import type { Neighbours } from './tenants/neighbours.ts'

export interface ComposeOptions {
  readonly loaded: LoadedConfig
  readonly environ: Environ
  readonly log: Log
  readonly demo: boolean
  /** Reads the configuration again; default from the file that it came from. @throws RemitError `config_invalid`. */
  readonly reread?: () => LoadedConfig
  /** Ports and store of the installation whose tenant this is; absent = it opens its own. */
  readonly shared?: SharedByTenants
  /** What belongs to the other tenants of the installation. */
  readonly neighbours?: Neighbours
}

/** A gateway that serves. */
export interface RunningGateway {
  /** Base URLs without a slash at their end. */
  readonly urls: { readonly agent: string; readonly admin: string }
  /** Set on the first start only: to be shown once. */
  readonly newApprover?: { readonly human: string; readonly code: string }
  /**
   * A link with which the human of `newApprover` enrols a passkey, once, within ten minutes; for their terminal alone.
   * Undefined where there is no `newApprover`, or no passkey is possible.
   */
  enrolLink(): Promise<string | undefined>
  /** What is only observed now, and until when in RFC 3339. */
  observing(): readonly { readonly what: string; readonly until: string }[]
  /** The tenants beside its own, by name. */
  tenants(): readonly HostedTenant[]
  /** Finishes open calls, records the end and lets go of everything. May be called again. */
  stop(): Promise<void>
}

/**
 * The composition root: configuration ▸ keys ▸ policy ▸ ports ▸ store ▸ upstreams ▸ gate ▸ planes. Whatever fails
 * on the way lets go of what was opened before it.
 * @throws RemitError `config_invalid`, `key_unusable`, `policy_invalid`, `port_taken`, `state_*`, `ledger_*`.
 */
export async function composeGateway(options: ComposeOptions): Promise<RunningGateway> {
  const scrubber = new SecretScrubber()
  const log = scrubbedLog(options.log, scrubber)
  const cleanup = new Cleanup(log)
  try {
    return await compose({ ...options, log, scrubber }, cleanup)
  } catch (error) {
    await cleanup.run()
    throw error
  }
}

async function compose(options: QuietOptions, cleanup: Cleanup): Promise<RunningGateway> {
  const foundation = await openFoundation(options, cleanup)
  const { planes, state } = foundation
  const deps = await composeGateDeps(foundation, cleanup)
  attendApprovals(foundation, deps.gate, cleanup)
  runExports(foundation, cleanup)
  followEndings({ ...foundation, events: deps.gate.events }, cleanup)
  /** From when commands can find it until it stops. */
  const serving = { now: false }
  const serverList = new ServerListControl(foundation)
  const oauth = createOAuthDoor(foundation, createOAuthTasks(deps.administration), cleanup)
  const agents = {
    gate: createGate(deps.gate),
    presence: deps.presence,
    delegation: createDelegation(deps.administration),
    large: deps.large,
    oauth,
    administration: deps.administration,
  }
  serveAgents(foundation, agents, cleanup)
  serveAdmin(foundation, createAdministration(deps.administration), {
    serverList,
    oauth,
    erasures: keepRecords(foundation, deps.administration, cleanup),
    views: createViews({ ...deps.administration, views: foundation.store.logins }),
    fleet: openFleet(foundation),
    reviews: deps.administration.reviews,
    gate: deps.gate,
    reviewDesk: runReviews(foundation, deps.administration, cleanup),
    pins: deps.gate.pins,
    demo: options.demo,
    ledger: await watchLedger(foundation, cleanup),
    open: () => serving.now,
  })
  await recordStart(foundation, options)
  followPolicies(foundation, cleanup)
  followObserve(foundation, cleanup)
  followServers(foundation, serverList, cleanup)
  followSecrets(foundation, serverList, cleanup)
  scheduleRotation(foundation, cleanup)
  followPins(foundation, deps.pins, cleanup)
  cleanup.add('gateway.stopped', () => foundation.record('gateway.stopped', { pid: process.pid }))
  sayWhere(foundation)
  const hosted = await hostTenants(foundation, composeGateway, cleanup)
  serving.now = true
  cleanup.add('gateway file', () => {
    removeGatewayFile(state.gateway)
  })
  cleanup.add('planes', async () => {
    serving.now = false
    const grace = options.loaded.config.shutdown.grace
    await Promise.all([planes.agent.close(grace), planes.admin.close(grace)])
  })
  return {
    urls: planes.urls,
    ...firstApprover(foundation),
    tenants: () => hosted.list(),
    observing: () => observedNow(foundation.observe.rules, SYSTEM_CLOCK.now()),
    stop: () => cleanup.run(),
  }
}

function sayWhere({ state, planes }: Foundation): void {
  writeGatewayFile(state.gateway, {
    pid: process.pid,
    version: packageVersion(),
    agentUrl: `${planes.urls.agent}/mcp`,
    adminUrl: planes.urls.admin,
    started: new Date(SYSTEM_CLOCK.now()).toISOString(),
  })
}

function firstApprover(foundation: Foundation): Pick<RunningGateway, 'newApprover' | 'enrolLink'> {
  const { newApprover } = foundation
  return { ...(newApprover === undefined ? {} : { newApprover }), enrolLink: () => enrolLink(foundation) }
}

async function enrolLink({ login, newApprover }: Foundation): Promise<string | undefined> {
  if (newApprover === undefined || !login.passkeys.possible) return undefined
  return (await login.invitations.make(newApprover.human)).link
}

async function recordStart(foundation: Foundation, { loaded, demo }: ComposeOptions): Promise<void> {
  const { config } = loaded
  await recordPolicies(foundation)
  await foundation.record('config.loaded', {
    servers: Object.keys(config.servers),
    unconfined: [...foundation.servers.upstreams.values()]
      .filter(isUnconfined)
      .map(({ config: { key } }) => key),
    workflows: [...foundation.directory.workflows.keys()],
    humans: foundation.directory.humans.length,
    workloads: foundation.directory.workloads.map(({ name }) => name),
    loosening: config.loosening,
    loginRequires: config.login.require,
  })
  await foundation.record('gateway.started', {
    version: packageVersion(),
    node: process.version,
    agent: foundation.planes.urls.agent,
    admin: foundation.planes.urls.admin,
    demo,
    recovered: foundation.recovered,
    heartbeat: config.ledger.heartbeat,
  })
}

function isUnconfined({ config: { transport } }: Upstream): boolean {
  return transport.kind === 'stdio' && transport.launcher?.confinement.confined !== true
}
