import { inferTool } from '../../classify/inference/infer-tool.ts'
import type { Action } from '../../core/actions.ts'
import { RemitError } from '../../core/errors.ts'
import type { Digest, ServerKey } from '../../core/ids.ts'
import { isJsonObject, type JsonObject } from '../../core/json.ts'
import {
  pinStatus,
  SERVER_PIN,
  type DefinitionFlag,
  type PinStatus,
  type SeenDefinition,
  type ToolPin,
} from '../../core/tool-pin.ts'
import { visibleText } from '../../core/visible-text.ts'
import type { Actor } from '../administration.ts'
import type { AdministrationDeps } from '../administration-deps.ts'
import { requireAdmin } from '../require-admin.ts'
import { compareDefinitions, type DefinitionChange } from './compare-definitions.ts'
import { reviewedRecord } from './pin-records.ts'

/** A tool as a reviewer sees it. */
export interface ToolReview {
  readonly server: string
  readonly tool: string
  readonly status: PinStatus
  /** The definition that is decided about: what waits, or else what counts. */
  readonly digest: Digest
  /** False = no definition of this tool ever counted. */
  readonly known: boolean
  /** Milliseconds since the epoch. */
  readonly seen: number
  readonly flags: readonly DefinitionFlag[]
  /** From what counts to what waits. */
  readonly changes: readonly DefinitionChange[]
  /** What a call could come to. */
  readonly actions: readonly Action[]
  /** How that is known: only inference goes by the definition's own words. */
  readonly source: 'described' | 'inferred'
  /** The words from which it was inferred. */
  readonly why: readonly string[]
  readonly trusted?: {
    readonly digest: Digest
    readonly by: string
    readonly at: number
    readonly human?: string
  }
  readonly refused?: { readonly by: string; readonly at: number; readonly reason: string }
}

export interface ToolDecision {
  readonly server: string
  readonly tool: string
  /** Digest of the definition that the reviewer saw. */
  readonly digest: string
  readonly verdict:
    | { readonly kind: 'approve'; readonly actions?: readonly Action[] }
    | { readonly kind: 'refuse'; readonly reason: string }
}

/** Every tool on record, or those of one server. */
export function listTools(deps: AdministrationDeps, server: string | undefined): readonly ToolReview[] {
  return deps.reviews
    .list()
    .filter((pin) => server === undefined || pin.server === server)
    .map((pin) => describe(deps, pin))
}

/**
 * One human's word on one definition: it counts from now on, or is off.
 * @throws RemitError `role_missing`, `tool_not_seen`, `pin_changed`.
 */
export async function decideTool(
  deps: AdministrationDeps,
  actor: Actor,
  decision: ToolDecision,
): Promise<ToolReview> {
  requireAdmin(actor, 'reviewing tools')
  const pin = deps.reviews.get(decision.server as ServerKey, decision.tool)
  if (pin === undefined) {
    throw new RemitError(
      'tool_not_seen',
      `no server \`${decision.server}\` has listed a tool \`${decision.tool}\`; see \`remit servers review --all\``,
    )
  }
  const seen = [pin.candidate, pin.trusted].find((each) => each?.digest === decision.digest)
  if (seen === undefined) {
    throw new RemitError('pin_changed', 'the definition has changed since it was read; look at it again')
  }
  const { verdict } = decision
  const human = actor.human.id
  const at = deps.clock.now()
  const after =
    verdict.kind === 'approve'
      ? approved(pin, seen, { human, at, ...verdict })
      : refused(pin, seen, { human, at, ...verdict })
  const record = reviewedRecord(deps, after, {
    human,
    seen,
    verdict: verdict.kind === 'approve' ? 'approved' : 'refused',
    ...(verdict.kind === 'refuse' ? { reason: verdict.reason } : {}),
  })
  return describe(deps, await deps.reviews.replace(after, record))
}

interface Word {
  readonly human: string
  readonly at: number
}

/** What was said of the actions holds for this definition only. */
function approved(
  pin: ToolPin,
  seen: SeenDefinition,
  { human, at, actions }: Word & { readonly actions?: readonly Action[] },
): ToolPin {
  const { candidate, ...rest } = pin
  const { digest, definition, flags } = seen
  return {
    ...rest,
    revision: pin.revision + 1,
    trusted: {
      digest,
      definition,
      flags,
      seen: seen.seen,
      by: 'review',
      at,
      human,
      ...(actions === undefined ? {} : { actions }),
    },
    ...(candidate === undefined || candidate.digest === digest ? {} : { candidate }),
  }
}

/** A definition that counted is off from now on; that one is then refused, since it is the one listed. */
function refused(
  pin: ToolPin,
  { digest, definition, flags, seen }: SeenDefinition,
  { human, at, reason }: Word & { readonly reason: string },
): ToolPin {
  const { trusted, ...rest } = pin
  return {
    ...rest,
    revision: pin.revision + 1,
    ...(trusted === undefined || trusted.digest === digest ? {} : { trusted }),
    candidate: { digest, definition, flags, seen, refused: { at, by: human, reason } },
  }
}

function describe(deps: AdministrationDeps, pin: ToolPin): ToolReview {
  const { server, name, trusted, candidate } = pin
  const newest = candidate ?? trusted
  if (newest === undefined) throw new RangeError('a pin without any definition')
  return {
    server,
    tool: name,
    status: pinStatus(pin),
    digest: newest.digest,
    known: trusted !== undefined,
    seen: newest.seen,
    flags: newest.flags,
    changes: candidate === undefined ? [] : compareDefinitions(trusted?.definition, candidate.definition),
    ...reading(deps, pin, newest.definition),
    ...(trusted === undefined ? {} : { trusted: decisionOn(trusted) }),
    ...(candidate?.refused === undefined ? {} : { refused: candidate.refused }),
  }
}

/** What calls of a tool come to. A server itself is not called. */
function reading(
  { classifier }: AdministrationDeps,
  { server, name }: ToolPin,
  definition: JsonObject,
): Pick<ToolReview, 'actions' | 'source' | 'why'> {
  if (name === SERVER_PIN) return { actions: [], source: 'described', why: [] }
  const { description, inputSchema, annotations } = definition
  const tool = {
    name,
    ...(typeof description === 'string' ? { description } : {}),
    ...objectMember('inputSchema', inputSchema),
    ...objectMember('annotations', annotations),
  }
  const actions = classifier.actionsOf(server, tool)
  if (classifier.isDescribed(server, name)) return { actions, source: 'described', why: [] }
  const why = inferTool(tool).reasons.map(({ from, text }) => `${from}: ${visibleText(text)}`)
  return { actions, source: 'inferred', why }
}

function objectMember<Name extends string>(
  name: Name,
  value: unknown,
): { readonly [N in Name]?: JsonObject } {
  return (isJsonObject(value) ? { [name]: value } : {}) as { readonly [N in Name]?: JsonObject }
}

function decisionOn({
  digest,
  by,
  at,
  human,
}: NonNullable<ToolPin['trusted']>): NonNullable<ToolReview['trusted']> {
  return { digest, by, at, ...(human === undefined ? {} : { human }) }
}
