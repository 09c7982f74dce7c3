import type { Human, Task } from '../../core/identity.ts'
import { isAdmin, rolesOf } from '../../core/roles.ts'
import type { Finding } from './review-item.ts'
import type { TreeDeeds } from './tally-records.ts'

export const SURFACE_KINDS = ['server', 'tool', 'credential', 'agent', 'workflow', 'human'] as const
export type SurfaceKind = (typeof SURFACE_KINDS)[number]

/** One part of what agents reach, as it is now. */
export interface SurfacePart {
  readonly kind: SurfaceKind
  readonly name: string
  /** Changes where the part is another than before: of a tool its definition, of a human their roles. */
  readonly version?: string
  readonly owner?: string
}

export function surfaceKey({ kind, name, version }: SurfacePart): string {
  return version === undefined ? `${kind} ${name}` : `${kind} ${name} ${version}`
}

/** Parts that the last review did not have. @param known what `mark` made of each then; undefined = there was no review. */
export function newSurface(
  parts: readonly SurfacePart[],
  known: ReadonlySet<string> | undefined,
  mark: (key: string) => string,
): readonly Finding[] {
  return parts
    .filter((part) => known?.has(mark(surfaceKey(part))) !== true)
    .map((part): Finding => ({
      section: 'new-surface',
      key: surfaceKey(part),
      says: `${part.kind} \`${part.name}\` is new, or another than at the last review`,
      count: 1,
      records: [],
      ...(part.owner === undefined ? {} : { owner: part.owner }),
    }))
}

const DAY = 86_400_000
const MANY_TASKS = 10
const LONG = 7 * DAY

export interface Authority {
  readonly human: Human
  readonly active: readonly Pick<Task, 'expires'>[]
  /** When consent of theirs that lasts ends. */
  readonly grants: readonly { readonly expires: number }[]
  /** Times that they agreed to break the glass within the time that is looked at. */
  readonly glass: number
}

/** Humans with much standing authority: what they could do today without asking anybody. */
export function standingAuthority(all: readonly Authority[], now: number): readonly Finding[] {
  return all.flatMap(({ human, active, grants, glass }): readonly Finding[] => {
    const roles = rolesOf(human)
    const longest = Math.max(0, ...active.map(({ expires }) => expires - now))
    const lasting = grants.filter(({ expires }) => expires - now > DAY).length
    const why = [
      ...(isAdmin(human) ? ['administers'] : []),
      ...(roles.includes('approver') ? ['approves for others'] : []),
      ...(active.length >= MANY_TASKS ? [`has ${active.length} active tasks`] : []),
      ...(longest > LONG ? [`has a task for ${Math.round(longest / DAY)} more days`] : []),
      ...(lasting > 0 ? [`has ${lasting} consents that last longer than a day`] : []),
      ...(glass > 0 ? [`broke the glass ${glass} ×`] : []),
    ]
    if (why.length === 0) return []
    return [
      {
        section: 'standing-authority',
        key: human.id,
        says: `\`${human.id}\` ${why.join(', ')}`,
        count: why.length,
        records: [],
      },
    ]
  })
}

/** By which tools tasks of one workflow could do each of the three, as scope and rules stand. */
export interface WorkflowReach {
  readonly workflow: string
  readonly owner?: string
  readonly untrusted: readonly ReachedTool[]
  readonly private: readonly ReachedTool[]
  /** After the other two. */
  readonly outward: readonly ReachedTool[]
}

export interface ReachedTool {
  readonly tool: string
  readonly owner?: string
}

const MOST_TOOLS = 4

/** Workflows whose tasks could join, or did join, what others wrote, what is private, and a way out. */
export function combinedSurface(
  reaches: readonly WorkflowReach[],
  trees: Iterable<TreeDeeds>,
): readonly Finding[] {
  const did = new Map<string, { count: number; last: number; roots: string[] }>()
  for (const { workflow, untrusted, private: secret, outward, root, last } of trees) {
    if (!untrusted || !secret || !outward) continue
    const known = did.get(workflow) ?? { count: 0, last: 0, roots: [] }
    known.count += 1
    known.last = Math.max(known.last, last)
    if (known.roots.length < 3) known.roots.push(root)
    did.set(workflow, known)
  }
  const could = new Map(reaches.map((reach) => [reach.workflow, reach]))
  return [...new Set([...could.keys(), ...did.keys()])].flatMap((workflow): readonly Finding[] => {
    const reach = could.get(workflow)
    const done = did.get(workflow)
    const joins =
      reach !== undefined &&
      [reach.untrusted, reach.private, reach.outward].every((tools) => tools.length > 0)
    if (!joins && done === undefined) return []
    return [
      {
        section: 'combined-surface',
        key: workflow,
        says: `tasks of \`${workflow}\` ${joins ? 'could' : 'can no longer, but did,'} join what others wrote, private data and a way out${partsText(reach)}${done === undefined ? '; none did' : `; ${done.count} did`}`,
        count: done?.count ?? 0,
        records: done?.roots ?? [],
        ...(done === undefined ? {} : { last: done.last }),
        ...(reach?.owner === undefined ? {} : { owner: reach.owner }),
      },
    ]
  })
}

function partsText(reach: WorkflowReach | undefined): string {
  if (reach === undefined) return ''
  const list = (tools: readonly ReachedTool[]): string =>
    tools
      .slice(0, MOST_TOOLS)
      .map(({ tool, owner }) => `${tool} (${owner === undefined ? 'nobody owns it' : `owner ${owner}`})`)
      .concat(tools.length > MOST_TOOLS ? [`${tools.length - MOST_TOOLS} more`] : [])
      .join(', ') || 'nothing'
  return `: others’ words by ${list(reach.untrusted)}; private data by ${list(reach.private)}; out by ${list(reach.outward)}`
}

/** Permits of the policies that let nothing through within the time. */
/** Decisions below which it says nothing that a permit let none through: it was not needed yet. */
const FEW_DECISIONS = 200

export function unusedPermits(
  permits: readonly { readonly id: string; readonly file?: string }[],
  used: ReadonlySet<string>,
  decisions: number,
): readonly Finding[] {
  if (decisions < FEW_DECISIONS) return []
  return permits
    .filter(({ id }) => !used.has(id))
    .map(({ id, file }): Finding => ({
      section: 'unused-permit',
      key: id,
      says: `\`${id}\` let nothing through in ${decisions} decisions${file === undefined ? '' : ` (${file})`}`,
      count: 0,
      records: [],
    }))
}
