import { asRemitError, RemitError } from '../core/errors.ts'
import { BUILTIN_PREFIX } from './builtin-policies.ts'
import { changedPolicies, type PolicyChanges } from './changed-policies.ts'
import { loadPolicyBundle, type PolicyBundle, type PolicyLocations } from './load-policy-set.ts'
import { compilePolicySet } from './compile-policy-set.ts'
import { mayLoosen, type PossibleLoosening } from './may-loosen.ts'
import type { ParsedPolicy } from './parse-job.ts'
import type { PolicyArchive } from './policy-archive.ts'
import type { LoadedPolicySet } from './policy-set.ts'

/** A sound set that waits: it may loosen what is in force, and nobody has agreed yet. */
export interface HeldPolicies {
  readonly inForce: PolicyBundle
  readonly held: PolicyBundle
  readonly loosens: readonly PossibleLoosening[]
}

/** `by`: who asked for it; absent = the files changed. */
export type ReloadResult = { readonly by?: string } & (
  | { readonly status: 'unchanged'; readonly set: LoadedPolicySet }
  | {
      readonly status: 'changed'
      readonly set: LoadedPolicySet
      readonly changes: PolicyChanges
      /** Empty = it only tightens. */
      readonly loosens: readonly PossibleLoosening[]
    }
  /** The old set stays in force. */
  | { readonly status: 'held'; readonly set: LoadedPolicySet; readonly waiting: HeldPolicies }
  | { readonly status: 'refused'; readonly set: LoadedPolicySet; readonly error: RemitError }
)

export interface PolicyEngine {
  /** The set in force. A call takes it once and keeps it to its end. */
  current(): LoadedPolicySet
  /** The same with what it was made from, for people to read. */
  bundle(): PolicyBundle
  /** A set that is or was in force; undefined = no copy of it is left. */
  find(hash: string): Promise<LoadedPolicySet | undefined>
  /** Never throws: a bundle that is not sound leaves the set in force as it is. */
  reload(by?: string): Promise<ReloadResult>
  /** What the files hold, where it waits for somebody to agree. */
  waiting(): HeldPolicies | undefined
  /**
   * Puts the set that waits in force; who may do so is for the caller to know.
   * @throws RemitError `policy_not_waiting` unless exactly this set waits.
   */
  accept(hash: string, by: string): Promise<ReloadResult>
  /**
   * Takes what was in force before this process as what is: where the files may loosen it, they wait.
   * @param hash undefined = nothing was in force ever.
   */
  resume(hash: string | undefined): Promise<void>
  /** Calls back after every reload that changed, held or refused something; returns the unsubscriber. */
  onChange(listener: (result: ReloadResult) => void): () => void
}

export interface EngineOptions {
  readonly archive?: PolicyArchive
  /** Hold every change that may loosen until it is accepted. Default: nothing is held. */
  readonly holdLoosening?: boolean
}

/** @throws RemitError `policy_invalid`, `policy_engine_failed`: without a sound set nothing starts. */
export async function startPolicyEngine(
  locations: PolicyLocations,
  options: EngineOptions = {},
): Promise<PolicyEngine> {
  const engine = new Engine(locations, await loadPolicyBundle(locations), options)
  await engine.keep()
  return {
    current: () => engine.bundle.set,
    bundle: () => engine.bundle,
    find: async (hash) =>
      hash === engine.bundle.set.hash ? engine.bundle.set : (await options.archive?.find(hash))?.set,
    reload: (by) => engine.inTurn(() => engine.reload(by)),
    waiting: () => engine.waiting,
    accept: (hash, by) => engine.inTurn(() => engine.accept(hash, by)),
    resume: (hash) => engine.resume(hash),
    onChange: (listener) => {
      engine.listeners.add(listener)
      return () => engine.listeners.delete(listener)
    },
  }
}

class Engine {
  readonly #locations: PolicyLocations
  readonly #options: EngineOptions
  readonly listeners = new Set<(result: ReloadResult) => void>()
  bundle: PolicyBundle
  waiting: HeldPolicies | undefined
  #running: Promise<unknown> = Promise.resolve()

  constructor(locations: PolicyLocations, bundle: PolicyBundle, options: EngineOptions) {
    this.#locations = locations
    this.#options = options
    this.bundle = bundle
  }

  /** One after the other, so that an older reading of the files never replaces a newer one. */
  inTurn(work: () => Promise<ReloadResult>): Promise<ReloadResult> {
    const next = this.#running.then(async () => {
      const result = await work()
      if (result.status !== 'unchanged') for (const listener of this.listeners) listener(result)
      return result
    })
    this.#running = next.catch(() => {})
    return next
  }

  async reload(by: string | undefined): Promise<ReloadResult> {
    const asked = by === undefined ? {} : { by }
    const { set } = this.bundle
    try {
      const next = await loadPolicyBundle(this.#locations)
      const known = this.waiting?.held.set.hash
      this.waiting = this.#held(this.bundle, next)
      if (this.waiting !== undefined) {
        // A held set that is read again is no news.
        const status = known === next.set.hash && by === undefined ? 'unchanged' : 'held'
        return status === 'held' ? { ...asked, status, set, waiting: this.waiting } : { status, set }
      }
      return next.set.hash === set.hash
        ? { ...asked, status: 'unchanged', set }
        : await this.#take(next, asked)
    } catch (thrown) {
      // What waits is what the files say, so nothing does.
      this.waiting = undefined
      return { ...asked, status: 'refused', set, error: asRemitError(thrown) }
    }
  }

  async accept(hash: string, by: string): Promise<ReloadResult> {
    const { waiting } = this
    if (waiting?.held.set.hash !== hash) {
      const what = waiting === undefined ? 'nothing waits' : `what waits now is \`${waiting.held.set.hash}\``
      throw new RemitError(
        'policy_not_waiting',
        `no policies with the hash \`${hash}\` wait (${what}); look again with \`remit policy pending\``,
      )
    }
    const result = await this.#take(waiting.held, { by })
    this.waiting = undefined
    return result
  }

  async resume(hash: string | undefined): Promise<void> {
    if (this.#options.holdLoosening !== true || hash === undefined || hash === this.bundle.set.hash) return
    // Without a copy of what was in force, anything could be a loosening, so nothing but Remit's own rules stands in.
    const former =
      (await this.#options.archive?.find(hash)) ??
      (await loadPolicyBundle({ ...this.#locations, folders: [] }))
    const before = underOwnRules(former, this.bundle)
    const waiting = this.#held(before, this.bundle)
    if (waiting === undefined) return
    await this.keep(before)
    this.bundle = before
    this.waiting = waiting
  }

  /** A set is found later only if it was kept before it decided anything. */
  async keep(bundle = this.bundle): Promise<void> {
    await this.#options.archive?.keep(bundle)
  }

  #held(inForce: PolicyBundle, held: PolicyBundle): HeldPolicies | undefined {
    if (this.#options.holdLoosening !== true || held.set.hash === inForce.set.hash) return undefined
    const loosens = mayLoosen(inForce, held)
    return loosens.length === 0 ? undefined : { inForce, held, loosens }
  }

  async #take(next: PolicyBundle, asked: { readonly by?: string }): Promise<ReloadResult> {
    await this.keep(next)
    const changes = changedPolicies(this.bundle, next)
    const loosens = mayLoosen(this.bundle, next)
    this.bundle = next
    return { ...asked, status: 'changed', set: next.set, changes, loosens }
  }
}

/** The rules of packs from before, under the rules and the schema of the Remit that runs now. */
function underOwnRules(former: PolicyBundle, { parsed, schemaText }: PolicyBundle): PolicyBundle {
  const isOwn = ({ id }: ParsedPolicy): boolean => id.startsWith(BUILTIN_PREFIX)
  const rules = [
    ...parsed.policies.filter(isOwn),
    ...former.parsed.policies.filter((policy) => !isOwn(policy)),
  ]
  const united = { schema: parsed.schema, policies: rules }
  return { parsed: united, schemaText, set: compilePolicySet(united, schemaText) }
}
