import type { WrittenServer } from '../edit-servers.ts'

/** A server as another program describes it, on its way into `remit.yaml`. */
export interface Draft {
  /** What it is called there. */
  readonly from: string
  readonly key: string
  readonly server: WrittenServer
  /** What the file says it is for. */
  readonly purpose?: string
  /** Names of secrets that stand in place of values. */
  readonly secrets: readonly string[]
  /** What is otherwise than there, and does no harm. */
  readonly notes: readonly string[]
  /** Why it cannot be imported; empty = it can. */
  readonly problems: readonly string[]
}

/** A secret that stands under a name in place of its value. Never shown, logged or written. */
export interface HiddenValue {
  readonly name: string
  /** Absent where only a variable is named. */
  readonly value?: string
  readonly variable?: string
}

export interface ImportOptions {
  /** Told each value that a reference stands for, for whoever puts it where it belongs. */
  readonly hidden?: (hidden: HiddenValue) => void
  /** Packages without an exact version are let through. */
  readonly allowUnpinned: boolean
}

/** What is found out about one server, piece by piece. */
export class Findings {
  readonly secrets: string[] = []
  readonly notes: string[] = []
  readonly problems: string[] = []
}

export function found({ secrets, notes, problems }: Findings): Pick<Draft, 'secrets' | 'notes' | 'problems'> {
  return { secrets, notes, problems }
}

/** Keys have lower-case letters, digits and `-`, at most 32. */
export function keyOf(name: string): string {
  const words = name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')
  return words.slice(0, 32).replaceAll(/^-+|-+$/g, '')
}
