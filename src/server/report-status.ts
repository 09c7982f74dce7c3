import type { ReadyAnswer, ServerAnswer, StatusAnswer } from '../api/contract.ts'
import type { ServersNow } from '../api/console-contract.ts'
import type { LedgerAnswer } from '../api/ledger-contract.ts'
import type { TenantId } from '../core/ids.ts'
import { pinStatus, SERVER_PIN } from '../core/tool-pin.ts'
import type { PinBoard } from '../gate/pins/pin-board.ts'
import type { Fleet } from '../gate/fleet/list-fleet.ts'
import type { ReviewDesk } from '../gate/review/review-desk.ts'
import type { Upstream } from '../mcp/upstream.ts'
import type { PolicyEngine } from '../policy/policy-engine.ts'
import type { LedgerStore } from '../store/store.ts'
import type { Config } from './config-schema.ts'
import type { LiveServers } from './live-servers.ts'
import { labelled } from './label-metrics.ts'
import type { MetricReadings, Metrics } from './metrics.ts'
import { observedNow, type ObserveSetting } from './observe-setting.ts'
import type { ServerListControl } from './server-list-control.ts'
import { protectionReport } from './protection.ts'
import type { LedgerCourier, SinkStanding } from '../streams/ledger-courier.ts'
import { SYSTEM_CLOCK } from './system-clock.ts'

export interface StatusSources {
  readonly config: Config
  readonly version: string
  /** Milliseconds since the epoch. */
  readonly started: number
  readonly urls: { readonly agent: string; readonly admin: string }
  readonly store: LedgerStore
  readonly policies: PolicyEngine
  readonly observe: ObserveSetting
  readonly file: string | undefined
  readonly servers: Pick<LiveServers, 'upstreams' | 'configOf'>
  readonly serverList: Pick<ServerListControl, 'refused' | 'needsRestart' | 'waiting'>
  readonly reviews: Pick<PinBoard, 'list' | 'edition'>
  readonly metrics: Metrics
  readonly reviewDesk: Pick<ReviewDesk, 'state'>
  readonly fleet: Pick<Fleet, 'counts'>
  readonly couriers: readonly Pick<LedgerCourier, 'standing'>[]
  /** What every series carries, where an installation has several tenants. */
  readonly labels: { readonly tenant?: string }
  readonly ledger: () => Pick<LedgerAnswer, 'copies' | 'silences'>
  readonly demo: boolean
  /** False once the gateway is stopping. */
  readonly open: () => boolean
}

/** What the gateway says of itself on the admin plane. */
export interface StatusReporter {
  status(): Promise<StatusAnswer>
  servers(): readonly ServerAnswer[]
  serversNow(): ServersNow
  observing(): StatusAnswer['observing']
  readiness(): Promise<ReadyAnswer>
  metrics(): Promise<string>
}

const MOST_PENDING = 10_000

export function createStatusReporter(sources: StatusSources): StatusReporter {
  const { store, policies, config, version } = sources
  const tenant = config.tenant as TenantId
  const servers = (): readonly ServerAnswer[] =>
    [...sources.servers.upstreams.values()].map((upstream) => serverAnswer(upstream, sources))
  const observing = () => observedNow(sources.observe.rules, SYSTEM_CLOCK.now())
  const pending = async (): Promise<number> => (await store.approvals.waiting(tenant, MOST_PENDING)).length
  const exports = (): Promise<readonly SinkStanding[]> =>
    Promise.all(sources.couriers.map((courier) => courier.standing()))
  const checks = (): ReadyAnswer['checks'] => [
    { name: 'ledger', ok: store.health() === 'available' },
    { name: 'policy', ok: policies.current().policies.length > 0 },
    { name: 'planes', ok: sources.open() },
  ]
  const readiness = async (): Promise<ReadyAnswer> => ({
    ready: checks().every((check) => check.ok),
    checks: checks(),
  })
  return {
    servers,
    serversNow: () => serversNow(servers(), sources),
    observing,
    readiness,
    status: async () => ({
      running: true,
      ready: (await readiness()).ready,
      version,
      node: process.version,
      pid: process.pid,
      started: new Date(sources.started).toISOString(),
      tenant,
      planes: { agent: `${sources.urls.agent}/mcp`, admin: sources.urls.admin },
      protection: protectionReport(),
      policy: policyStatus(sources),
      observing: observing(),
      servers: servers(),
      config: configStatus(sources),
      approvals: { pending: await pending() },
      fleet: await sources.fleet.counts(),
      review: await sources.reviewDesk.state(),
      ledger: { ...(await store.records.head(tenant)), ...sources.ledger() },
      exports: await exports(),
      demo: sources.demo,
    }),
    metrics: async () =>
      labelled(
        sources.labels,
        sources.metrics.text({
          ...(await readings(sources, tenant)),
          servers: servers(),
          pendingApprovals: await pending(),
          exports: await exports(),
        }),
      ),
  }
}

async function readings(
  { version, fleet, reviewDesk, store }: StatusSources,
  tenant: TenantId,
): Promise<Omit<MetricReadings, 'servers' | 'pendingApprovals' | 'exports'>> {
  return {
    version,
    fleet: await fleet.counts(),
    review: await reviewDesk.state(),
    ledgerQueue: store.depth(),
    ledgerRecords: (await store.records.head(tenant)).size,
    ledgerAvailable: store.health() === 'available',
  }
}

function serversNow(servers: readonly ServerAnswer[], { serverList, reviews }: StatusSources): ServersNow {
  const { refused, needsRestart } = serverList
  const config = { ...(refused === undefined ? {} : { refused }), needsRestart }
  return { servers, config, definitions: reviews.edition }
}

function configStatus({ file, serverList }: StatusSources): StatusAnswer['config'] {
  const { refused, needsRestart } = serverList
  return {
    ...(file === undefined ? {} : { file }),
    ...(refused === undefined ? {} : { refused }),
    needsRestart,
  }
}

function policyStatus({ policies, observe, config, serverList }: StatusSources): StatusAnswer['policy'] {
  const { hash, policies: rules } = policies.current()
  const waiting = [
    policies.waiting()?.held.set.hash,
    observe.waiting?.hash,
    serverList.waiting?.hash,
  ].flatMap((held) => held ?? [])
  return { hash, policies: rules.length, loosening: config.loosening, waiting }
}

function serverAnswer(upstream: Upstream, { servers, reviews }: StatusSources): ServerAnswer {
  const { key, transport } = upstream.config
  const { state, restarts, lastError, era, nextTry } = upstream.health
  const { owner, purpose } = servers.configOf(key) ?? {}
  const statuses = reviews.list().flatMap((pin) => (pin.server === key ? [pinStatus(pin)] : []))
  const ofTools = reviews
    .list()
    .flatMap((pin) => (pin.server === key && pin.name !== SERVER_PIN ? [pinStatus(pin)] : []))
  const on = ofTools.filter((status) => status === 'trusted').length
  const confinement = transport.kind === 'stdio' ? transport.launcher?.confinement : undefined
  return {
    key,
    transport: transport.kind,
    state,
    restarts,
    waiting: statuses.filter((status) => status === 'pending').length,
    tools: { on, off: ofTools.length - on },
    ...(era === undefined ? {} : { era }),
    ...(nextTry === undefined ? {} : { nextTry }),
    ...(lastError === undefined ? {} : { lastError }),
    ...(confinement === undefined ? {} : { confinement }),
    ...(owner === undefined ? {} : { owner }),
    ...(purpose === undefined ? {} : { purpose }),
  }
}
