import type { RecordKind } from '../../../core/record.ts'

/** A class of OCSF: `type_uid` is `uid · 100 + activity`, the category the thousands of `uid`. */
export interface OcsfClass {
  readonly uid: number
  readonly name: string
}

export const BASE_EVENT = { uid: 0, name: 'Base Event' } as const satisfies OcsfClass
export const DETECTION_FINDING = { uid: 2004, name: 'Detection Finding' } as const satisfies OcsfClass
export const AUTHENTICATION = { uid: 3002, name: 'Authentication' } as const satisfies OcsfClass
export const AUTHORIZE_SESSION = { uid: 3003, name: 'Authorize Session' } as const satisfies OcsfClass
export const ENTITY_MANAGEMENT = { uid: 3004, name: 'Entity Management' } as const satisfies OcsfClass
export const USER_ACCESS = { uid: 3005, name: 'User Access Management' } as const satisfies OcsfClass
export const USER_MANAGEMENT = { uid: 3007, name: 'User Management' } as const satisfies OcsfClass
export const APPLICATION_LIFECYCLE = { uid: 6002, name: 'Application Lifecycle' } as const satisfies OcsfClass
export const API_ACTIVITY = { uid: 6003, name: 'API Activity' } as const satisfies OcsfClass
export const APPLICATION_ERROR = { uid: 6008, name: 'Application Error' } as const satisfies OcsfClass

/** Class and activity of a record. Of calls the activity comes from what they do. */
export type Placed = readonly [placed: OcsfClass, activity: number]

const CREATE = 1
const READ = 2
const UPDATE = 3
const DELETE = 4
const OTHER = 99
const entity = (activity: number): Placed => [ENTITY_MANAGEMENT, activity]
const access = (activity: number): Placed => [USER_ACCESS, activity]
const user = (activity: number): Placed => [USER_MANAGEMENT, activity]

/**
 * Delegating a task opens a session with the privileges of its workflow; consent gives or takes privileges; what
 * people log in with belongs to user management, as 1.9 deprecated Account Change.
 */
export const OCSF_CLASSES: Readonly<Record<RecordKind, Placed>> = {
  decision: [API_ACTIVITY, OTHER],
  outcome: [API_ACTIVITY, OTHER],
  list: [API_ACTIVITY, READ],
  'approval.requested': entity(CREATE),
  'approval.viewed': entity(READ),
  'approval.voted': entity(UPDATE),
  'approval.escalated': entity(UPDATE),
  'approval.granted': access(1),
  'approval.refused': entity(9),
  'approval.expired': entity(9),
  'approval.cancelled': entity(9),
  'notice.failed': [APPLICATION_ERROR, 1],
  'grant.created': access(1),
  'grant.revoked': access(2),
  'task.created': [AUTHORIZE_SESSION, 1],
  'task.revoked': access(2),
  'task.completed': access(2),
  'task.renewed': access(1),
  'task.token': [AUTHORIZE_SESSION, 1],
  'task.flagged': [DETECTION_FINDING, CREATE],
  'cover.set': access(1),
  'cover.ended': access(2),
  'halt.placed': entity(12),
  'halt.lifted': entity(13),
  'glass.requested': access(1),
  'glass.ended': access(2),
  'glass.reviewed': entity(UPDATE),
  'policy.loaded': entity(10),
  'policy.refused': entity(UPDATE),
  'policy.held': entity(UPDATE),
  'policy.accepted': entity(UPDATE),
  'observe.changed': entity(UPDATE),
  'observe.held': entity(UPDATE),
  'config.loaded': entity(10),
  'config.refused': entity(UPDATE),
  'server.changed': entity(UPDATE),
  'server.held': entity(UPDATE),
  'directory.changed': entity(UPDATE),
  'tool.seen': entity(CREATE),
  'tool.changed': [DETECTION_FINDING, CREATE],
  'tool.reviewed': entity(UPDATE),
  'secret.set': entity(CREATE),
  'secret.rotated': entity(UPDATE),
  'secret.removed': entity(DELETE),
  'secret.resealed': entity(UPDATE),
  'credential.connected': entity(6),
  'credential.refreshed': entity(UPDATE),
  'credential.disconnected': entity(7),
  'key.rotated': entity(UPDATE),
  'access.refused': [API_ACTIVITY, OTHER],
  'gateway.started': [APPLICATION_LIFECYCLE, 3],
  'gateway.stopped': [APPLICATION_LIFECYCLE, 4],
  'approver.added': user(CREATE),
  'login.succeeded': [AUTHENTICATION, 1],
  'login.failed': [AUTHENTICATION, 1],
  'login.ended': [AUTHENTICATION, 2],
  'login.invited': user(18),
  'login.uninvited': user(19),
  'passkey.added': user(12),
  'passkey.renamed': user(2),
  'passkey.removed': user(13),
  'person.linked': user(2),
  'person.synced': user(2),
  'person.ended': user(5),
  'person.unlinked': user(2),
  'review.reported': entity(CREATE),
  'review.marked': entity(CREATE),
  'review.signed': entity(CREATE),
  'review.overdue': entity(CREATE),
  'ledger.heartbeat': [BASE_EVENT, OTHER],
  'ledger.key': entity(UPDATE),
  'audit.read': [API_ACTIVITY, READ],
  'audit.exported': [API_ACTIVITY, READ],
  'backup.made': [API_ACTIVITY, READ],
  'backup.restored': entity(UPDATE),
  'view.saved': entity(UPDATE),
  'view.removed': entity(DELETE),
  'erasure.ordered': entity(UPDATE),
  'ledger.erased': entity(DELETE),
  'hold.placed': entity(CREATE),
  'hold.lifted': entity(DELETE),
  'agent.seen': entity(UPDATE),
  'agent.irregular': [DETECTION_FINDING, CREATE],
}
