import type { Approval } from '../../../src/core/approval.ts'
import type { AdministrationDeps } from '../../../src/gate/administration-deps.ts'
import type { Administration } from '../../../src/gate/administration.ts'
import { createAdministration } from '../../../src/gate/create-administration.ts'
import { createGate } from '../../../src/gate/create-gate.ts'
import { GateEvents } from '../../../src/gate/gate-events.ts'
import type { Gate } from '../../../src/gate/gate.ts'
import { createHolding, type Holding } from '../../../src/gate/hold-task.ts'
import type { Store } from '../../../src/store/store.ts'
import { SERVER, type GateHarness } from '../../support/gate-harness.ts'
import { httpUpstream, startTestDoor } from '../../support/test-door.ts'
import { Life, type CrashPlan } from './crash-plan.ts'
import type { VirtualTime } from './virtual-time.ts'

/** A gateway of several on one store: gate, administration and MCP door are real, and it can die. */
export interface Replica {
  readonly url: string
  readonly administration: Administration
  readonly holding: Holding
  readonly life: Life
  /** Has whoever waits for this approval look again at the clock. */
  look(approval: Approval): void
  remove(): Promise<void>
}

export interface ReplicaOptions {
  readonly harness: GateHarness
  readonly store: Store
  readonly plan: CrashPlan
  readonly time: VirtualTime
  readonly upstreamUrl: string
  /** Seconds. */
  readonly hold: number
  /** A call is held from now on, until the promise settles. */
  readonly held: (until: Promise<unknown>) => void
}

export async function startReplica(options: ReplicaOptions): Promise<Replica> {
  const { harness, plan, upstreamUrl, hold } = options
  const life = new Life(plan)
  const deps = depsOf(options, life)
  const door = await startTestDoor({
    upstreams: [httpUpstream(SERVER, upstreamUrl, { era: 'modern', session: 'shared' })],
    gate: watched(createGate(deps), options.held),
    serverSettings: new Map([[SERVER, { fileSystem: 'shared', root: harness.workspace }]]),
    limits: { hold: hold * 1_000, beat: 200 },
  })
  let ended: Promise<void> | undefined
  life.onEnd = () => void (ended ??= door.die())
  return {
    url: `${door.url}/mcp`,
    administration: createAdministration(deps),
    holding: createHolding(deps),
    life,
    look: (approval) => deps.events.approvalChanged(approval),
    remove: () => (ended ??= door.close()),
  }
}

function watched(gate: Gate, held: ReplicaOptions['held']): Gate {
  return {
    ...gate,
    awaitApproval: (...given) => {
      const approval = gate.awaitApproval(...given)
      held(approval)
      return approval
    },
  }
}

function depsOf({ harness: { deps }, store, time }: ReplicaOptions, life: Life): AdministrationDeps {
  return {
    ...deps,
    tasks: life.lend(store.tasks),
    approvals: life.lend(store.approvals),
    grants: life.lend(store.grants),
    records: life.lend(store.records),
    journal: life.lendJournal(store.journal),
    events: new GateEvents(),
    clock: { now: () => time.now(), micros: () => Math.round(performance.now() * 1_000) },
    // As it stands in a header.
    verifier: { verify: (token) => deps.verifier.verify(decoded(token)) },
    mintToken: async (chain) => Buffer.from(await deps.mintToken(chain)).toString('base64url'),
  }
}

function decoded(token: string | undefined): string | undefined {
  return token === undefined ? undefined : Buffer.from(token, 'base64url').toString('utf8')
}
