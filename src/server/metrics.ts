import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { ServerAnswer } from '../api/contract.ts'
import type { FleetCounts } from '../gate/fleet/list-fleet.ts'
import type { GateObserver } from '../gate/gate-deps.ts'
import { DurationHistogram, MetricFamily } from './metric-family.ts'

/** What is read when somebody asks, rather than counted as it happens. */
export interface MetricReadings {
  readonly version: string
  readonly servers: readonly ServerAnswer[]
  readonly pendingApprovals: number
  readonly fleet: FleetCounts
  readonly review: { readonly due: number; readonly overdue: boolean }
  readonly exports: readonly { readonly name: string; readonly lag: number; readonly failures: number }[]
  readonly ledgerQueue: number
  readonly ledgerRecords: number
  readonly ledgerAvailable: boolean
}

const FAST = [0.0001, 0.000_25, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1]
const SLOW = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300]

/** Counts what the gate does, and tells it in Prometheus text format. */
export class Metrics implements GateObserver {
  readonly #decisions = new MetricFamily(
    'remit_decisions_total',
    'counter',
    'Decisions about calls, by effect.',
  )
  readonly #outcomes = new MetricFamily(
    'remit_outcomes_total',
    'counter',
    'Outcomes of allowed calls, by status.',
  )
  readonly #deciding = new DurationHistogram('remit_decision_seconds', 'From identified to decided.', FAST)
  readonly #upstream = new DurationHistogram('remit_upstream_seconds', 'From forwarded to answered.', SLOW)
  readonly #loop = monitorEventLoopDelay({ resolution: 20 })

  // Every series is there from the start, so that a rate can be computed over the first event.
  readonly #decided = {
    allow: this.#decisions.counter({ effect: 'allow' }),
    consent: this.#decisions.counter({ effect: 'consent' }),
    deny: this.#decisions.counter({ effect: 'deny' }),
  }
  readonly #settled = {
    ok: this.#outcomes.counter({ status: 'ok' }),
    error: this.#outcomes.counter({ status: 'error' }),
    cancelled: this.#outcomes.counter({ status: 'cancelled' }),
    unknown: this.#outcomes.counter({ status: 'unknown' }),
  }

  constructor() {
    this.#loop.enable()
  }

  decided(effect: 'allow' | 'consent' | 'deny', micros: number): void {
    this.#decided[effect]()
    this.#deciding.observe(micros)
  }

  settled(status: 'ok' | 'error' | 'cancelled' | 'unknown', micros: number): void {
    this.#settled[status]()
    this.#upstream.observe(micros)
  }

  text(readings: MetricReadings): string {
    const counted = [this.#decisions, this.#outcomes, this.#deciding, this.#upstream]
    return [...counted, ...gauges(readings), ...processGauges(this.#loop.percentile(99) / 1e9)]
      .map((family) => family.text())
      .join('')
  }

  close(): void {
    this.#loop.disable()
  }
}

function gauges(readings: MetricReadings): readonly MetricFamily[] {
  const up = new MetricFamily('remit_upstream_up', 'gauge', 'Whether a server was reachable when last used.')
  const restarts = new MetricFamily(
    'remit_upstream_restarts_total',
    'counter',
    'Sessions that had to be begun again.',
  )
  for (const server of readings.servers) {
    up.set({ server: server.key }, server.state === 'down' ? 0 : 1)
    restarts.set({ server: server.key }, server.restarts)
  }
  return [
    up,
    restarts,
    ...exportGauges(readings.exports),
    gauge('remit_approvals_pending', 'Requests that wait for consent.', readings.pendingApprovals),
    fleetGauge(readings.fleet),
    gauge('remit_review_overdue', 'Whether a review is overdue.', readings.review.overdue ? 1 : 0),
    gauge(
      'remit_review_due_seconds',
      'When the next review is due, since the epoch.',
      readings.review.due / 1000,
    ),
    gauge('remit_ledger_queue', 'Units of work that wait to become durable.', readings.ledgerQueue),
    gauge('remit_ledger_records', 'Records in the ledger.', readings.ledgerRecords),
    gauge('remit_ledger_available', 'Whether a record would be taken now.', readings.ledgerAvailable ? 1 : 0),
    gauge('remit_build_info', 'Version of the gateway.', 1, {
      version: readings.version,
      node: process.version,
    }),
  ]
}

function fleetGauge(counts: FleetCounts): MetricFamily {
  const agents = new MetricFamily('remit_agents', 'gauge', 'Agents that are known, by how their hooks are.')
  for (const [hooks, count] of Object.entries(counts)) agents.set({ hooks }, count)
  return agents
}

function exportGauges(exports: MetricReadings['exports']): readonly MetricFamily[] {
  const lag = new MetricFamily('remit_export_lag_records', 'gauge', 'Records that a place may not have.')
  const failures = new MetricFamily(
    'remit_export_failures_total',
    'counter',
    'Batches that a place did not take.',
  )
  for (const each of exports) {
    lag.set({ export: each.name }, each.lag)
    failures.set({ export: each.name }, each.failures)
  }
  return [lag, failures]
}

function processGauges(loopDelay: number): readonly MetricFamily[] {
  const { user, system } = process.cpuUsage()
  const cpu = new MetricFamily('process_cpu_seconds_total', 'counter', 'CPU time of user and system.')
  cpu.set({}, (user + system) / 1e6)
  const started = Date.now() / 1000 - process.uptime()
  return [
    cpu,
    gauge('process_resident_memory_bytes', 'Resident memory.', process.memoryUsage.rss()),
    gauge('process_start_time_seconds', 'Start of the process since the epoch.', started),
    gauge('nodejs_eventloop_delay_p99_seconds', 'Delay of the event loop, 99th percentile.', loopDelay),
  ]
}

function gauge(name: string, help: string, value: number, labels: Record<string, string> = {}): MetricFamily {
  const family = new MetricFamily(name, 'gauge', help)
  family.set(labels, value)
  return family
}
