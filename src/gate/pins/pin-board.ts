import type { Journal } from '../../audit/journal.ts'
import { companyOf, type NamedTool } from '../../classify/definitions/company.ts'
import { flagDefinition } from '../../classify/definitions/flag-definition.ts'
import type { Action } from '../../core/actions.ts'
import { RemitError } from '../../core/errors.ts'
import type { Digest, ServerKey } from '../../core/ids.ts'
import type { Log } from '../../core/log.ts'
import type { NewRecord } from '../../core/record.ts'
import {
  type DefinitionFlag,
  pinStatus,
  SERVER_PIN,
  type SeenDefinition,
  type ToolPin,
} from '../../core/tool-pin.ts'
import type { DefinitionPins, ListedDefinition } from '../gate-deps.ts'
import { considerSighting, type Sighting } from './consider-sighting.ts'
import { changedRecord, type PinRecordDeps, seenRecord } from './pin-records.ts'
import type { PinStore } from './pin-store.ts'
import { TRUST, type Trust } from './trust.ts'

export interface PinBoardDeps extends PinRecordDeps {
  readonly store: PinStore
  readonly journal: Journal
  readonly trustOf: (server: ServerKey) => Trust
  /** Told when a tool was switched on or off while the gateway runs. */
  readonly changed: () => void
  readonly log: Log
}

/** Pins of one server; a server that invents names without end fills no disk. */
const MOST_PINS = 10_000

/** Microseconds of scanning without a pause. */
const MOST_AT_ONCE = 5_000

/**
 * The pins of one tenant as the store has them, in memory, since every call asks. What is not on the board is not
 * pinned. One change at a time.
 */
export class PinBoard implements DefinitionPins {
  readonly #deps: PinBoardDeps
  readonly #pins = new Map<ServerKey, Map<string, ToolPin>>()
  /** What each server was when it was last seen. */
  readonly #standing = new Map<ServerKey, Digest>()
  #edition = 0
  #last: Promise<unknown> = Promise.resolve()

  /** @param pins all that the store has of the tenant. */
  constructor(deps: PinBoardDeps, pins: readonly ToolPin[]) {
    this.#deps = deps
    for (const pin of pins) this.#keep(pin)
  }

  get edition(): number {
    return this.#edition
  }

  isPinned(server: ServerKey, tool: string, digest: Digest): boolean {
    return this.get(server, tool)?.trusted?.digest === digest && this.#isItself(server)
  }

  /** A server that nobody has seen yet lists no tools either. */
  #isItself(server: ServerKey): boolean {
    const digest = this.#standing.get(server)
    return digest === undefined || this.get(server, SERVER_PIN)?.trusted?.digest === digest
  }

  /** Its tools are on or off with it from this moment, whatever becomes of the record. */
  #stand(server: ServerKey, digest: Digest | undefined): void {
    if (digest === undefined) return
    const before = this.#standing.get(server)
    if (before !== digest) this.#edition += 1
    this.#standing.set(server, digest)
    if (before !== undefined && before !== digest) this.#deps.changed()
  }

  get(server: ServerKey, tool: string): ToolPin | undefined {
    return this.#pins.get(server)?.get(tool)
  }

  /** By server and name. */
  list(): readonly ToolPin[] {
    return [...this.#pins.keys()]
      .toSorted()
      .flatMap((server) => [...(this.#pins.get(server)?.values() ?? [])].toSorted(byName))
  }

  /** What a reviewer said that the trusted definition does. */
  actionsOf(server: string, tool: string): readonly Action[] | undefined {
    return this.#pins.get(server as ServerKey)?.get(tool)?.trusted?.actions
  }

  /** @throws RemitError `ledger_unavailable`, `ledger_busy`: then nothing new of the list counts. */
  async see(
    server: ServerKey,
    tools: readonly ListedDefinition[],
    { siblings = tools.map(({ name }) => name) }: { readonly siblings?: readonly string[] } = {},
  ): Promise<void> {
    this.#stand(server, tools.find(({ name }) => name === SERVER_PIN)?.digest)
    if (tools.every((tool) => this.#isSettled(server, tool))) return
    await this.#inTurn(async () => {
      try {
        await this.#see(server, tools, siblings)
      } catch (error) {
        // Another process saw it at the same time, and the board has what it wrote by now.
        if (!(error instanceof RemitError) || error.code !== 'pin_changed') throw error
        await this.#see(server, tools, siblings)
      }
    })
  }

  /** Takes in what other processes wrote to the same store. */
  refresh(): Promise<void> {
    return this.#inTurn(async () => {
      const pins = await this.#deps.store.list(this.#deps.settings.tenant)
      const fresh = pins.filter((pin) => this.get(pin.server, pin.name)?.revision !== pin.revision)
      for (const pin of fresh) this.#keep(pin)
      if (fresh.length > 0) this.#deps.changed()
    })
  }

  /**
   * Writes a review. @returns the pin as it now stands.
   * @throws RemitError `pin_changed` when the pin is not the one that was decided about.
   */
  replace(pin: ToolPin, record: NewRecord): Promise<ToolPin> {
    return this.#inTurn(async () => {
      await this.#commit([record], [pin])
      this.#deps.changed()
      return pin
    })
  }

  async #see(
    server: ServerKey,
    tools: readonly ListedDefinition[],
    siblings: readonly string[],
  ): Promise<void> {
    const known = this.#pins.get(server)
    const sightings = await this.#sightings(server, tools, siblings)
    const steps = sightings.map((sighting) => {
      const before = known?.get(sighting.name)
      return { before, after: considerSighting(before, sighting) }
    })
    const fresh = steps.filter(({ before }) => before === undefined).map(({ after }) => after)
    const records = steps.flatMap(({ before, after }) =>
      before === undefined ? [] : [changedRecord(this.#deps, before, after)],
    )
    if (fresh.length > 0) records.unshift(seenRecord(this.#deps, server, fresh))
    if (steps.length === 0) return
    const pins = steps.map(({ after }) => after)
    await this.#commit(records, pins)
    this.#tell(server, pins)
    // What a server lists first changes no list that somebody has seen.
    if (known !== undefined) this.#deps.changed()
  }

  async #sightings(
    server: ServerKey,
    tools: readonly ListedDefinition[],
    siblings: readonly string[],
  ): Promise<readonly Sighting[]> {
    const { settings, clock, trustOf } = this.#deps
    const known = this.#pins.get(server)
    const company = companyOf(
      server,
      this.#trustedElsewhere(server),
      [...siblings, ...(known?.keys() ?? [])].filter(isTool),
    )
    const sightings: Sighting[] = []
    let since = clock.micros()
    const firstList = [...(known?.keys() ?? [])].every((name) => name === SERVER_PIN)
    for (const tool of this.#unsettled(server, tools)) {
      const itself = tool.name === SERVER_PIN
      sightings.push({
        tenant: settings.tenant,
        server,
        name: tool.name,
        seen: seenDefinition(tool, itself ? [] : flagDefinition(tool, company), clock.now()),
        // Whoever configured the server said what it is; its tools are another matter.
        trust: itself && !known?.has(SERVER_PIN) ? TRUST['first-use'] : trustOf(server),
        firstList: itself ? !known?.has(SERVER_PIN) : firstList,
      })
      // Calls must not wait for the scan of a thousand tools.
      if (clock.micros() - since > MOST_AT_ONCE) {
        await new Promise((resolve) => {
          setTimeout(resolve)
        })
        since = clock.micros()
      }
    }
    return sightings
  }

  /** What is new or changed, as far as there is room for it. */
  #unsettled(server: ServerKey, tools: readonly ListedDefinition[]): readonly ListedDefinition[] {
    const known = this.#pins.get(server)
    const room = Math.max(0, MOST_PINS - (known?.size ?? 0))
    const unsettled = tools.filter((tool) => !this.#isSettled(server, tool))
    const fresh = unsettled.filter(({ name }) => known?.has(name) !== true)
    if (fresh.length <= room) return unsettled
    this.#deps.log.log('warn', 'tools.too_many', { server, left: fresh.length - room })
    const leftOut = new Set(fresh.slice(room))
    return unsettled.filter((tool) => !leftOut.has(tool))
  }

  /** Nothing to write: it counts already, or waits for a human. */
  #isSettled(server: ServerKey, { name, digest }: ListedDefinition): boolean {
    const pin = this.get(server, name)
    if (pin?.trusted?.digest === digest) return true
    if (pin?.candidate?.digest !== digest) return false
    const { flags, refused } = pin.candidate
    return flags.length > 0 || refused !== undefined || !this.#deps.trustOf(server).changed
  }

  #trustedElsewhere(server: ServerKey): readonly NamedTool[] {
    return [...this.#pins].flatMap(([other, pins]) =>
      other === server
        ? []
        : [...pins.values()].flatMap(({ name, trusted }) =>
            trusted === undefined || name === SERVER_PIN ? [] : [{ server: other, name }],
          ),
    )
  }

  #tell(server: ServerKey, pins: readonly ToolPin[]): void {
    for (const pin of pins) {
      const status = pinStatus(pin)
      if (status === 'trusted') continue
      const flags = pin.candidate?.flags.map(({ kind }) => kind) ?? []
      const review = `remit servers review ${server}`
      this.#deps.log.log('warn', 'tool.off', { server, tool: pin.name, status, flags, review })
    }
  }

  async #commit(records: readonly NewRecord[], pins: readonly ToolPin[]): Promise<void> {
    const result = await this.#deps.journal.commit({
      records,
      changes: pins.map((pin) => ({ kind: 'put-pin', pin })),
    })
    if (result === 'conflict') {
      // Another process wrote: what it wrote is what counts.
      for (const pin of await this.#deps.store.list(this.#deps.settings.tenant)) this.#keep(pin)
      throw new RemitError('pin_changed', 'the definition has changed since it was read; look at it again')
    }
    for (const pin of pins) this.#keep(pin)
  }

  #keep(pin: ToolPin): void {
    const pins = this.#pins.get(pin.server) ?? new Map<string, ToolPin>()
    pins.set(pin.name, pin)
    this.#pins.set(pin.server, pins)
    this.#edition += 1
  }

  /** What failed before is told to its own caller. */
  #inTurn<Value>(work: () => Promise<Value>): Promise<Value> {
    const turn = this.#last.then(work, work)
    this.#last = turn.catch(() => {})
    return turn
  }
}

/** What nobody can read through is not kept: it stays off for its length. */
function seenDefinition(
  { name, digest, definition }: ListedDefinition,
  flags: readonly DefinitionFlag[],
  seen: number,
): SeenDefinition {
  const kept = flags.some(({ kind }) => kind === 'oversized') ? { name } : definition
  return { digest, definition: kept, flags, seen }
}

function isTool(name: string): boolean {
  return name !== SERVER_PIN
}

function byName(a: ToolPin, b: ToolPin): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0
}
