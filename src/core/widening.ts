/**
 * How far beyond the same work an approver may let consent last. Closed: nothing but the name of a file may differ, and
 * only where that adds no action, label, host, branch, program or flag.
 */
export const WIDENINGS = ['directory', 'workspace', 'files-of-command'] as const
export type Widening = (typeof WIDENINGS)[number]

/** A name of a file that may be another. */
export interface Slot {
  /** RFC 6901 pointer of the argument that holds it. */
  readonly pointer: string
  /** Which word of the command line there, from 0; absent = the whole argument. */
  readonly word?: number
  /** Folder that the file lies directly in, relative to the workspace; absent = anywhere below the workspace. */
  readonly folder?: string
  /** What the name ends with (`.ts`, or nothing at all); absent = anything. */
  readonly ending?: string
}

/** As people read it among arguments and targets: no such file is meant. */
export function slotPattern({ folder, ending = '' }: Slot): string {
  if (folder === undefined) return '**'
  return folder === '.' ? `*${ending}` : `${folder}/*${ending}`
}

/** What may differ, in words. */
export function wideningText(axis: Widening, slots: readonly Slot[]): string {
  if (axis === 'workspace') return 'the same tool reading any ordinary file of the workspace'
  const places = [...new Set(slots.map(placeText))].join('; ')
  return axis === 'directory'
    ? `the same tool reading ${places}`
    : `the same program with the same flags and words, on ${places}`
}

function placeText({ folder, ending = '' }: Slot): string {
  const kind = ending === '' ? 'any ordinary file without an ending' : `any ordinary \`${ending}\` file`
  return `${kind} directly in ${folder === '.' ? 'the workspace' : `\`${folder ?? ''}\``}`
}
