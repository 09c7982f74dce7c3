import type { Label } from '../../core/labels.ts'

/** A call that touches these, or comes after them, says nothing of what a workflow should be let do without a question. */
export const SUSPECT: ReadonlySet<Label> = new Set<Label>([
  'secret',
  'untrusted',
  'obfuscated',
  'unseen',
  'unresolved',
  'remit-control',
])
