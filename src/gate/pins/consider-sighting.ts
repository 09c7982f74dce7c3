import type { TenantId, ServerKey } from '../../core/ids.ts'
import type { CandidateDefinition, FlagKind, SeenDefinition, ToolPin } from '../../core/tool-pin.ts'
import type { Trust } from './trust.ts'

/** A tool as a server lists it now. */
export interface Sighting {
  readonly tenant: TenantId
  readonly server: ServerKey
  readonly name: string
  readonly seen: SeenDefinition
  readonly trust: Trust
  /** The server had nothing on record when it gave this list. */
  readonly firstList: boolean
}

/** Flags for which the gateway itself refuses, so that nothing but a human's word switches the tool on. */
const REFUSED: ReadonlySet<FlagKind> = new Set(['look-alike-name', 'shadowing-name'])

/** What becomes of a tool's pin when the server lists a definition that is not the trusted one. */
export function considerSighting(pin: ToolPin | undefined, sighting: Sighting): ToolPin {
  const { tenant, server, name, seen, firstList } = sighting
  const base = {
    tenant,
    server,
    name,
    firstSeen: pin?.firstSeen ?? seen.seen,
    revision: (pin?.revision ?? 0) + 1,
  }
  if (isTrusted(pin, sighting)) {
    return { ...base, trusted: { ...seen, by: firstList ? 'first-use' : 'updates', at: seen.seen } }
  }
  return {
    ...base,
    ...(pin?.trusted === undefined ? {} : { trusted: pin.trusted }),
    candidate: candidateOf(seen),
  }
}

function isTrusted(pin: ToolPin | undefined, { seen, trust, firstList }: Sighting): boolean {
  if (refusing(seen) !== undefined || (seen.flags.length > 0 && !trust.flagged)) return false
  if (pin === undefined) return firstList ? trust.first : trust.later
  // What a human refused once is not switched on again by the next change.
  return trust.changed && pin.candidate?.refused === undefined
}

function candidateOf(seen: SeenDefinition): CandidateDefinition {
  const flag = refusing(seen)
  return flag === undefined ? seen : { ...seen, refused: { at: seen.seen, by: 'remit', reason: flag.text } }
}

function refusing(seen: SeenDefinition) {
  return seen.flags.find(({ kind }) => REFUSED.has(kind))
}
