import type { Classification, Classifier } from '../../classify/classify.ts'
import type { PolicySet } from '../../policy/policy-set.ts'

/** Watches the two steps that make a decision: what the call was taken for, and how long both took. */
export class Meter {
  #micros = 0
  #classification: Classification = {
    operations: [],
    inferred: false,
    secrets: { finds: [], complete: true },
  }

  /** Before each call. */
  reset(): void {
    this.#micros = 0
  }

  /** Of classifying and deciding since the last reset, in microseconds with one decimal; nothing of the store or of git. */
  get micros(): number {
    return Math.round(this.#micros * 10) / 10
  }

  /** Of the last call. */
  get classification(): Classification {
    return this.#classification
  }

  classifier(inner: Classifier): Classifier {
    return {
      classify: (call, context) => {
        this.#classification = this.#timed(() => inner.classify(call, context))
        return this.#classification
      },
      complete: (found) => this.#completed(inner.complete(found)),
      previewEdit: (call, context) => inner.previewEdit(call, context),
      referents: (call, context, operations) => inner.referents(call, context, operations),
      actionsOf: (server, tool) => inner.actionsOf(server, tool),
      isDescribed: (server, tool) => inner.isDescribed(server, tool),
    }
  }

  policies(inner: PolicySet): PolicySet {
    return {
      hash: inner.hash,
      policies: inner.policies,
      decide: (request) => this.#timed(() => inner.decide(request)),
      visible: (request) => inner.visible(request),
      mayApprove: (human, approval, facts) => inner.mayApprove(human, approval, facts),
      gatesOf: (policy) => inner.gatesOf(policy),
    }
  }

  #completed(found: Classification | Promise<Classification>): Classification | Promise<Classification> {
    if (found instanceof Promise) return found.then((known) => (this.#classification = known))
    this.#classification = found
    return found
  }

  #timed<Value>(work: () => Value): Value {
    const started = performance.now()
    try {
      return work()
    } finally {
      this.#micros += (performance.now() - started) * 1_000
    }
  }
}
