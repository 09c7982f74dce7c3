import type { RecordDetail, RecordEnvelope } from '../record.ts'
import type { FieldName } from './fields.ts'

export interface Term {
  readonly field: FieldName
  readonly value: string
}

/** Longest value that is indexed, in UTF-16 code units; of longer ones the beginning is. */
export const LONGEST_TERM = 512
/** Most resources of one record that are indexed. */
const MOST_RESOURCES = 64

/** What a record is found by, each once: the same for the index of a store and for a look at the record itself. */
export function termsOf(envelope: RecordEnvelope, detail?: RecordDetail): readonly Term[] {
  const terms = new Map<string, Term>()
  const add = (field: FieldName, ...values: readonly (string | undefined)[]): void => {
    for (const value of values) {
      if (value === undefined || value === '') continue
      const kept = value.slice(0, LONGEST_TERM)
      terms.set(`${field} ${kept}`, { field, value: kept })
    }
  }
  const { identity, actor, call, decision, operations = [], outcome } = envelope
  const approvers = approversOf(envelope)
  add('kind', envelope.kind)
  add('id', envelope.id)
  add('who', identity?.human, actor, identity?.agent.id, ...approvers)
  add('human', identity?.human ?? actor)
  add('actor', actor)
  add('agent', identity?.agent.id)
  add('approver', ...approvers)
  if (call !== undefined) {
    add('server', call.server)
    add('tool', call.tool, `${call.server}/${call.tool}`)
    add('door', call.door)
  }
  for (const { action, type, labels } of operations) {
    add('action', action)
    add('type', type)
    add('label', ...labels)
  }
  add('resource', ...resourcesOf(detail))
  add('environment', identity?.environment.claimed)
  add('decision', decision?.effect)
  add('observed', decision?.observed?.effect)
  add('rule', ...(decision?.policies ?? []), ...(decision?.observed?.policies ?? []))
  add('task', identity?.task)
  add('root', identity?.chain[0])
  add('under', ...(identity?.chain ?? []))
  add('workflow', identity?.workflow)
  add('use', envelope.correlation?.toolUse)
  add('outcome', outcome?.status)
  return [...terms.values()]
}

function approversOf({
  kind,
  actor,
  approval,
  grant,
  glass,
}: RecordEnvelope): readonly (string | undefined)[] {
  const said = kind === 'approval.voted' || kind === 'approval.granted' || kind === 'approval.refused'
  return [
    ...(said ? [actor] : []),
    ...(approval?.approvers ?? []),
    ...(approval?.deputies ?? []).flatMap((deputy) => [deputy.human, deputy.for]),
    ...(grant?.approvers ?? []),
    ...(glass?.approvers ?? []),
  ]
}

/** What operations are about, and the repository, host or the like that it belongs to; folders are found by a pattern. */
function resourcesOf(detail: RecordDetail | undefined): readonly string[] {
  const found = new Set<string>()
  for (const { resource } of detail?.operations ?? []) {
    found.add(resource.id)
    for (const { type, id } of resource.ancestors) if (type !== 'Directory') found.add(id)
    if (found.size >= MOST_RESOURCES) break
  }
  return [...found].slice(0, MOST_RESOURCES)
}
