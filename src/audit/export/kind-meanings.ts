import type { RecordKind } from '../../core/record.ts'
import type { StoredRecord } from '../record-reader.ts'

/** As OCSF has it: 1 informational, 2 low, 3 medium, 4 high. */
export type Severity = 1 | 2 | 3 | 4

interface Meaning {
  readonly title: string
  readonly severity: Severity
  /** True = the record says that something was refused or failed. */
  readonly failed?: true
}

/** What a record of each kind tells whoever watches many systems at once. */
const MEANINGS: Readonly<Record<RecordKind, Meaning>> = {
  decision: { title: 'Tool call decided', severity: 1 },
  outcome: { title: 'Tool call ended', severity: 1 },
  list: { title: 'List filtered', severity: 1 },
  'approval.requested': { title: 'Consent requested', severity: 1 },
  'approval.viewed': { title: 'Request for consent viewed', severity: 1 },
  'approval.voted': { title: 'Request for consent voted on', severity: 1 },
  'approval.escalated': { title: 'Request for consent escalated', severity: 2 },
  'approval.granted': { title: 'Consent granted', severity: 2 },
  'approval.refused': { title: 'Consent refused', severity: 2, failed: true },
  'approval.expired': { title: 'Request for consent expired', severity: 1, failed: true },
  'approval.cancelled': { title: 'Request for consent cancelled', severity: 1, failed: true },
  'notice.failed': { title: 'Notice not delivered', severity: 3, failed: true },
  'grant.created': { title: 'Lasting consent given', severity: 2 },
  'grant.revoked': { title: 'Lasting consent revoked', severity: 1 },
  'task.created': { title: 'Task delegated', severity: 1 },
  'task.revoked': { title: 'Task revoked', severity: 2 },
  'task.completed': { title: 'Task completed', severity: 1 },
  'task.renewed': { title: 'Task renewed', severity: 1 },
  'task.token': { title: 'Task token issued', severity: 1 },
  'task.flagged': { title: 'Task flagged', severity: 3 },
  'cover.set': { title: 'Deputy named', severity: 2 },
  'cover.ended': { title: 'Deputy ended', severity: 1 },
  'halt.placed': { title: 'Stop placed', severity: 3 },
  'halt.lifted': { title: 'Stop lifted', severity: 2 },
  'glass.requested': { title: 'Breaking the glass requested', severity: 4 },
  'glass.ended': { title: 'Broken glass ended', severity: 2 },
  'glass.reviewed': { title: 'Broken glass reviewed', severity: 1 },
  'policy.loaded': { title: 'Policies in force', severity: 2 },
  'policy.refused': { title: 'Policies refused', severity: 3, failed: true },
  'policy.held': { title: 'Policies held for a second person', severity: 2 },
  'policy.accepted': { title: 'Policies accepted', severity: 2 },
  'observe.changed': { title: 'Enforcement of rules changed', severity: 3 },
  'observe.held': { title: 'Change of enforcement held', severity: 2 },
  'config.loaded': { title: 'Configuration in force', severity: 2 },
  'config.refused': { title: 'Configuration refused', severity: 3, failed: true },
  'server.changed': { title: 'Servers changed', severity: 2 },
  'server.held': { title: 'Change of servers held', severity: 2 },
  'directory.changed': { title: 'People or workflows changed', severity: 2 },
  'tool.seen': { title: 'New tool seen', severity: 2 },
  'tool.changed': { title: 'Definition of a tool changed', severity: 3 },
  'tool.reviewed': { title: 'Tool reviewed', severity: 1 },
  'secret.set': { title: 'Secret set', severity: 2 },
  'secret.rotated': { title: 'Secret rotated', severity: 1 },
  'secret.removed': { title: 'Secret removed', severity: 2 },
  'secret.resealed': { title: 'Secrets encrypted anew', severity: 1 },
  'credential.connected': { title: 'Credential connected', severity: 2 },
  'credential.refreshed': { title: 'Credential refreshed', severity: 1 },
  'credential.disconnected': { title: 'Credential disconnected', severity: 1 },
  'key.rotated': { title: 'Signing key rotated', severity: 2 },
  'access.refused': { title: 'Access refused', severity: 3, failed: true },
  'gateway.started': { title: 'Gateway started', severity: 1 },
  'gateway.stopped': { title: 'Gateway stopped', severity: 2 },
  'approver.added': { title: 'Approver added', severity: 2 },
  'login.succeeded': { title: 'Login succeeded', severity: 1 },
  'login.failed': { title: 'Login failed', severity: 2, failed: true },
  'login.ended': { title: 'Login ended', severity: 1 },
  'login.invited': { title: 'Invitation made', severity: 2 },
  'login.uninvited': { title: 'Invitation withdrawn', severity: 1 },
  'passkey.added': { title: 'Passkey added', severity: 2 },
  'passkey.renamed': { title: 'Passkey renamed', severity: 1 },
  'passkey.removed': { title: 'Passkey removed', severity: 2 },
  'person.linked': { title: 'Person linked to a provider', severity: 2 },
  'person.synced': { title: 'Person changed by their provider', severity: 1 },
  'person.ended': { title: 'Person ended by their provider', severity: 2 },
  'person.unlinked': { title: 'Person unlinked', severity: 2 },
  'review.reported': { title: 'Block reported for review', severity: 2 },
  'review.marked': { title: 'Item of a review marked', severity: 1 },
  'review.signed': { title: 'Review signed off', severity: 1 },
  'review.overdue': { title: 'Review overdue', severity: 3 },
  'ledger.heartbeat': { title: 'Gateway alive', severity: 1 },
  'ledger.key': { title: 'Key of the ledger changed', severity: 3 },
  'audit.read': { title: 'Audit read', severity: 1 },
  'audit.exported': { title: 'Audit exported', severity: 2 },
  'backup.made': { title: 'Backup made', severity: 2 },
  'backup.restored': { title: 'Backup restored', severity: 4 },
  'view.saved': { title: 'Audit view saved', severity: 1 },
  'view.removed': { title: 'Audit view removed', severity: 1 },
  'erasure.ordered': { title: 'Erasure ordered', severity: 3 },
  'ledger.erased': { title: 'Content erased', severity: 3 },
  'hold.placed': { title: 'Legal hold placed', severity: 2 },
  'hold.lifted': { title: 'Legal hold lifted', severity: 3 },
  'agent.seen': { title: 'Agent seen', severity: 1 },
  'agent.irregular': { title: 'Agent irregular', severity: 3 },
}

/** A refusal weighs more than its kind does, and so does a call of which nobody knows what it did. */
export function meaningOf({
  envelope: { kind, decision, outcome },
}: StoredRecord): Required<Meaning> | Meaning {
  const meaning = MEANINGS[kind] ?? { title: kind, severity: 1 }
  if (decision?.effect === 'deny') return { title: 'Tool call denied', severity: 3, failed: true }
  if (decision?.effect === 'consent') return { title: 'Tool call needs consent', severity: 2 }
  if (decision?.effect === 'allow') return { title: 'Tool call allowed', severity: 1 }
  if (outcome === undefined || outcome.status === 'ok') return meaning
  return { ...meaning, severity: outcome.status === 'unknown' ? 3 : 2, failed: true }
}
