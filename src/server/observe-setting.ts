import { canonicalJson } from '../core/canonical-json.ts'
import { RemitError } from '../core/errors.ts'
import type { JsonObject } from '../core/json.ts'
import type { ObserveRule } from '../policy/observe-policies.ts'
import { sha256 } from './system-clock.ts'

/** A rule as records, answers and `remit.yaml` have it: what it is for, and its end in RFC 3339. */
export type ObserveEntry = { readonly [key in 'policy' | 'workflow' | 'tenant']?: string } & {
  readonly until: string
}

/** A setting that observes more than the one in force, and waits for somebody to agree. */
export interface HeldObserve {
  readonly hash: string
  readonly inForce: readonly ObserveEntry[]
  readonly held: readonly ObserveEntry[]
}

/**
 * Which rules are only observed while the gateway runs. A setting that cannot be read enforces everything until it
 * can be read again.
 */
export class ObserveSetting {
  readonly #hold: boolean
  #agreed: readonly ObserveRule[]
  #readable = true
  #held: readonly ObserveRule[] | undefined

  /** @param hold whether observing more waits for somebody to agree. */
  constructor(rules: readonly ObserveRule[], hold: boolean) {
    this.#agreed = rules
    this.#hold = hold
  }

  /** In force now, the ended ones included. */
  get rules(): readonly ObserveRule[] {
    return this.#readable ? this.#agreed : []
  }

  get waiting(): HeldObserve | undefined {
    if (this.#held === undefined) return undefined
    return {
      hash: hashOfRules(this.#held),
      inForce: entriesOf(this.rules),
      held: entriesOf(this.#held),
    }
  }

  /** Takes over what was read; what goes beyond the rules in force waits where it must. */
  read(next: readonly ObserveRule[]): { readonly changed: boolean; readonly held: boolean } {
    const before = hashOfRules(this.rules)
    const waited = this.waiting?.hash
    const covered = this.#hold ? next.filter((rule) => this.#covers(rule)) : next
    this.#readable = true
    this.#agreed = covered
    this.#held = covered.length === next.length ? undefined : next
    return {
      changed: hashOfRules(this.rules) !== before,
      held: this.#held !== undefined && hashOfRules(this.#held) !== waited,
    }
  }

  /** Nothing can be read: everything is enforced. True = something was observed before. */
  lost(): boolean {
    const changed = this.rules.length > 0
    this.#readable = false
    this.#held = undefined
    return changed
  }

  /** @throws RemitError `policy_not_waiting` unless exactly this setting waits. */
  accept(hash: string): void {
    if (this.#held === undefined || hashOfRules(this.#held) !== hash) {
      throw new RemitError('policy_not_waiting', `no observe setting with the hash \`${hash}\` waits`)
    }
    this.#agreed = this.#held
    this.#held = undefined
  }

  /** Takes what a former process had in force as what is; the rest of the configuration waits where it must. */
  resume(former: readonly ObserveRule[]): void {
    if (!this.#hold) return
    const configured = this.#agreed
    this.#agreed = former
    this.read(configured)
  }

  #covers(rule: ObserveRule): boolean {
    return this.#agreed.some(
      ({ policy, workflow, tenant, until }) =>
        policy === rule.policy && workflow === rule.workflow && tenant === rule.tenant && until >= rule.until,
    )
  }
}

export function entriesOf(rules: readonly ObserveRule[]): readonly ObserveEntry[] {
  return rules.map(({ policy, workflow, tenant, until }) => ({
    ...(policy === undefined ? {} : { policy }),
    ...(workflow === undefined ? {} : { workflow }),
    ...(tenant === undefined ? {} : { tenant }),
    until: new Date(until).toISOString(),
  }))
}

/** Rules from the record of a setting; whatever is not understood is not observed. */
export function rulesOf(data: JsonObject | undefined): readonly ObserveRule[] {
  const entries = data?.['observing']
  if (!Array.isArray(entries)) return []
  return (entries as readonly ObserveEntry[]).map((entry) => ({ ...entry, until: Date.parse(entry.until) }))
}

/** What is observed, in words, of rules that have not ended. @param now milliseconds since the epoch. */
export function observedNow(
  rules: readonly ObserveRule[],
  now: number,
): readonly { readonly what: string; readonly until: string }[] {
  return entriesOf(rules.filter(({ until }) => now < until)).map(({ until, ...target }) => ({
    what: Object.entries(target).flat().join(' '),
    until,
  }))
}

/** The same for the same rules in whatever order. */
export function hashOfRules(rules: readonly ObserveRule[]): string {
  const texts = entriesOf(rules).map((entry) => canonicalJson(entry))
  return sha256(canonicalJson([...new Set(texts)].toSorted()))
}
