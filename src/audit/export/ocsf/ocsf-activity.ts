import { type Action, groupsOf } from '../../../core/actions.ts'
import type { RecordEnvelope } from '../../../core/record.ts'
import { OCSF_CLASSES, type Placed } from './ocsf-class.ts'

const DELETED = 4
const UPDATED = 3
const READ = 2
const OTHER = 99

/** Of a call: what the gravest of its operations does to data; what runs something is other. */
export function placedOf({ kind, operations, call }: RecordEnvelope): Placed {
  const [placed, activity] = OCSF_CLASSES[kind]
  if (operations !== undefined) return [placed, activityOf(operations.map(({ action }) => action))]
  return kind === 'outcome' && call?.kind === 'resource' ? [placed, READ] : [placed, activity]
}

function activityOf(actions: readonly Action[]): number {
  const groups = new Set(
    actions.filter((action) => action !== 'tool.call').flatMap((action) => groupsOf(action)),
  )
  if (groups.has('destructive')) return DELETED
  if (groups.has('write')) return UPDATED
  if (groups.has('execute') || groups.has('administer') || groups.has('egress')) return OTHER
  return groups.has('read') ? READ : OTHER
}
