/** Whose request it is. */
export interface Party {
  readonly task: string
  readonly human: string
  readonly tenant: string
}

/** Slots that one task, and all tasks of one human, may hold for each one that stays free: so there always are some. */
const TASK_SHARE = 2
const HUMAN_SHARE = 7

/** How many of something each task holds, and all tasks of each human. */
export class Shares {
  readonly #held = new Map<string, number>()

  add(party: Party | undefined, change: 1 | -1): void {
    if (party === undefined) return
    for (const key of [taskKey(party), humanKey(party)]) {
      const held = (this.#held.get(key) ?? 0) + change
      if (held > 0) this.#held.set(key, held)
      else this.#held.delete(key)
    }
  }

  /** Whether the party may have one more while so many are free. What the gateway itself asks needs only a free one. */
  allows(party: Party | undefined, free: number): boolean {
    if (free <= 0) return false
    if (party === undefined) return true
    return this.#of(taskKey(party)) < TASK_SHARE * free && this.#of(humanKey(party)) < HUMAN_SHARE * free
  }

  /** Below 0 = `a` has less than `b`: first humans are compared, then the tasks of one. */
  compare(a: Party | undefined, b: Party | undefined): number {
    const humans = this.ofHuman(a) - this.ofHuman(b)
    return humans === 0 ? this.ofTask(a) - this.ofTask(b) : humans
  }

  ofHuman(party: Party | undefined): number {
    return party === undefined ? 0 : this.#of(humanKey(party))
  }

  ofTask(party: Party | undefined): number {
    return party === undefined ? 0 : this.#of(taskKey(party))
  }

  #of(key: string): number {
    return this.#held.get(key) ?? 0
  }
}

export function sameHuman(a: Party | undefined, b: Party | undefined): boolean {
  return a?.human === b?.human && a?.tenant === b?.tenant
}

function taskKey({ task }: Party): string {
  return `task ${task}`
}

function humanKey({ tenant, human }: Party): string {
  return `human ${tenant} ${human}`
}
