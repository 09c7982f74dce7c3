import { join } from 'node:path'
import type { Approval } from '../../../src/core/approval.ts'
import { DEFAULT_TENANT } from '../../../src/core/ids.ts'
import type { Store } from '../../../src/store/store.ts'
import { byAlice, byMona, showing, type GateHarness } from '../../support/gate-harness.ts'
import { startRecordingUpstream, type RecordingUpstream } from '../../support/recording-upstream.ts'
import { callOnce, type Ending } from './agent-call.ts'
import { CrashPlan } from './crash-plan.ts'
import { startReplica, type Replica } from './replica.ts'
import { nameOf, type Scenario } from './scenarios.ts'
import { VirtualTime } from './virtual-time.ts'

/** Requests of a client before it gives the call up. */
const TRIES = 6
/** Milliseconds after which a scenario is said to hang. */
const WATCH = 60_000
const KEY = 'key-of-the-agent'

export interface World {
  readonly harness: GateHarness
  /** One for each replica, which may be the same object. */
  readonly stores: readonly [Store, Store]
}

export interface Played {
  readonly scenario: string
  /** How the client’s first request ended. */
  readonly first: Ending
  /** One of its requests was answered with the result. */
  readonly served: boolean
  /** Times that it ran at the server, and how many of these before its decision was durable. */
  readonly ran: number
  readonly early: number
  /** Decisions on record that used the approval, which is the one that was given. */
  readonly uses: number
  readonly state: Approval['state'] | undefined
}

/** Exactly once or never: what must have become of the call. A request that nobody answers is not served. */
export function expectedOf(scenario: Scenario): Played {
  const { approves, killed } = scenario
  const agreed = approves !== 'never'
  // Who died with it in hand takes the agreement along: nobody can tell whether it ran.
  const lost = killed === 'used' || killed === 'forwarded'
  return {
    scenario: nameOf(scenario),
    first: firstOf(scenario),
    served: agreed && !lost,
    ran: agreed && killed !== 'used' ? 1 : 0,
    early: 0,
    uses: agreed ? 1 : 0,
    state: agreed ? 'used' : 'pending',
  }
}

function firstOf({ approves, killed, timeout, hold }: Scenario): Ending {
  if (killed === 'pending') return 'no answer'
  if (approves === 'while held') return killed === 'never' ? 'done' : 'no answer'
  return timeout <= hold ? 'no answer' : 'pending'
}

/** Plays one scenario on two replicas of its own, and says what became of the call. Nothing in it waits for a clock. */
export async function playScenario(world: World, scenario: Scenario): Promise<Played> {
  const play = new Play(world, scenario)
  const { promise: stuck, reject } = Promise.withResolvers<never>()
  const watchdog = setTimeout(() => reject(new Error(`${nameOf(scenario)}: hangs ${play.stage}`)), WATCH)
  try {
    return await Promise.race([play.run(), stuck])
  } finally {
    await Promise.race([play.remove(), stuck])
    clearTimeout(watchdog)
  }
}

class Play {
  readonly #world: World
  readonly #scenario: Scenario
  readonly #plan: CrashPlan
  readonly #time = new VirtualTime()
  readonly #replicas: Replica[] = []
  readonly #started: Replica[] = []
  readonly #endings: Ending[] = []
  #upstream: RecordingUpstream | undefined
  #token = ''
  #asked: Approval | undefined
  #early = 0
  /** Somebody answers what is held next. */
  #answered: boolean
  #heldInVain = false
  #patience = new AbortController()
  /** The gateway has seen that the client is away. */
  #gone: Promise<unknown> = Promise.resolve()
  #stage = 'at the beginning'

  constructor(world: World, scenario: Scenario) {
    this.#world = world
    this.#scenario = scenario
    this.#plan = new CrashPlan(scenario.killed)
    this.#answered = scenario.approves === 'while held'
  }

  /** Where it is, in words. */
  get stage(): string {
    return this.#stage
  }

  async run(): Promise<Played> {
    const { approves, retriedAt } = this.#scenario
    await this.#begin()
    const first = this.#try(0)
    this.#stage = 'before anybody is asked'
    this.#asked = await this.#plan.asked
    this.#stage = 'in its first request'
    if (this.#plan.take('pending')) this.#replicas[0]!.life.end()
    if (approves === 'while held') await this.#approve()
    await first
    this.#stage = 'after its first request'
    if (approves === 'afterwards') await this.#approve()
    // Nothing is ever used, so that it dies while the client is away.
    if (approves === 'never' && this.#scenario.killed !== 'never') this.#replicas[0]!.life.end()
    this.#answered = false
    this.#heldInVain = false
    while (this.#goesOn()) await this.#try(retriedAt === 'here' ? 0 : 1)
    return this.#outcome()
  }

  async remove(): Promise<void> {
    this.#stage = 'at the end'
    await Promise.all(this.#started.map((replica) => replica.remove()))
    this.#upstream?.close()
  }

  async #begin(): Promise<void> {
    this.#upstream = await startRecordingUpstream({
      tools: ['write_file'],
      arrived: ({ path }) => this.#arrived(path),
    })
    await this.#start(0)
    await this.#start(1)
    const { administration, holding } = this.#replicas[0]!
    const { workspace } = this.#world.harness
    const made = await administration.createTask(byAlice, {
      workflow: 'fix-tests',
      intent: 'mend the tests',
      workspace,
    })
    this.#token = (await holding.hold({ token: made.token, showing: showing(KEY) })).token
  }

  async #start(at: 0 | 1): Promise<Replica> {
    const { harness, stores } = this.#world
    const replica = await startReplica({
      harness,
      store: stores[at],
      plan: this.#plan,
      time: this.#time,
      upstreamUrl: this.#upstream!.url.replace('/mcp', `/${String(at)}`),
      hold: this.#scenario.hold,
      held: (until) => void this.#held(at, until),
    })
    this.#started.push(replica)
    this.#replicas[at] = replica
    return replica
  }

  /** The call is at the server, through this replica. */
  async #arrived(path: string): Promise<void> {
    if ((await this.#stored())?.state !== 'used') this.#early += 1
    if (!this.#plan.take('forwarded')) return
    this.#replicas[Number(path.slice(1))]!.life.end()
    return new Promise(() => {})
  }

  /** Time passes until the client gives up or the gateway tells it to come back, whichever is first. */
  async #held(at: 0 | 1, until: Promise<unknown>): Promise<void> {
    const { life } = this.#replicas[at]!
    const asked = await this.#plan.asked
    if (this.#answered || life.over) return
    this.#heldInVain = true
    const { timeout, hold } = this.#scenario
    if (timeout > hold) {
      this.#time.pass(hold)
      for (const replica of this.#replicas) replica.look(asked)
      return
    }
    this.#time.pass(timeout)
    this.#gone = until.catch(() => {})
    this.#patience.abort()
  }

  /** A client has no reason to try again once it has its result, or a request for consent that nobody answers. */
  #goesOn(): boolean {
    return this.#endings.at(-1) !== 'done' && !this.#heldInVain && this.#endings.length < TRIES
  }

  /** @returns the replica, started again where it is dead. */
  async #alive(at: 0 | 1): Promise<Replica> {
    const replica = this.#replicas[at]!
    return replica.life.over ? this.#start(at) : replica
  }

  async #approve(): Promise<void> {
    const { administration } = await this.#alive(this.#scenario.approvedAt === 'here' ? 0 : 1)
    await administration.approve(byMona, this.#asked!.id, {})
  }

  async #try(at: 0 | 1): Promise<void> {
    const { url, life } = await this.#alive(at)
    this.#patience = new AbortController()
    this.#gone = Promise.resolve()
    const { signal } = this.#patience
    // Whom it asked is no more: its time runs out, if it does not see that the connection is gone.
    void life.ended.then(() => this.#patience.signal === signal && this.#patience.abort())
    const path = join(this.#world.harness.workspace, '.github/workflows/release.yml')
    const content = nameOf(this.#scenario)
    const ending = await callOnce({
      url,
      era: this.#scenario.era,
      headers: { authorization: `DPoP ${this.#token}`, dpop: KEY },
      call: { name: 'filesystem__write_file', arguments: { path, content } },
      patience: signal,
    })
    if (!life.over) await this.#gone
    this.#endings.push(ending)
  }

  async #stored(): Promise<Approval | undefined> {
    return this.#asked && this.#world.stores[0].approvals.get(DEFAULT_TENANT, this.#asked.id)
  }

  async #outcome(): Promise<Played> {
    const { records } = this.#world.stores[0]
    const { id, task } = this.#asked!
    const decisions = await records.query({ tenant: DEFAULT_TENANT, task, kind: 'decision' })
    return {
      scenario: nameOf(this.#scenario),
      first: this.#endings[0]!,
      served: this.#endings.includes('done'),
      ran: this.#upstream!.ran.length,
      early: this.#early,
      uses: decisions.filter(
        ({ envelope: { approval, decision } }) => approval?.id === id && decision?.effect === 'allow',
      ).length,
      state: (await this.#stored())?.state,
    }
  }
}
