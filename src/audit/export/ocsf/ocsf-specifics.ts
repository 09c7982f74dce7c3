import type { JsonObject } from '../../../core/json.ts'
import type { StoredRecord } from '../../record-reader.ts'
import { meaningOf } from '../kind-meanings.ts'
import { traceOf } from '../trace-ids.ts'
import {
  API_ACTIVITY,
  APPLICATION_LIFECYCLE,
  AUTHENTICATION,
  AUTHORIZE_SESSION,
  DETECTION_FINDING,
  ENTITY_MANAGEMENT,
  type OcsfClass,
  USER_ACCESS,
  USER_MANAGEMENT,
} from './ocsf-class.ts'

/** What a class asks for beside what every event says, and the profiles that it takes up. */
export type Specifics = JsonObject & { readonly profiles: readonly string[] }

const SUCCESS = 1
const FAILURE = 2
const SERVICE = { name: 'remit' }

export function specificsOf(record: StoredRecord, placed: OcsfClass): Specifics {
  switch (placed.uid) {
    case API_ACTIVITY.uid: {
      return apiActivity(record)
    }
    case DETECTION_FINDING.uid: {
      return finding(record)
    }
    case APPLICATION_LIFECYCLE.uid: {
      return { ...statusOf(record), app: { name: 'Remit', vendor_name: 'Remit' }, profiles: [] }
    }
    case AUTHENTICATION.uid: {
      return { ...iam(record), service: SERVICE, user: userOf(subjectOf(record)) }
    }
    case AUTHORIZE_SESSION.uid:
    case USER_ACCESS.uid: {
      return {
        ...iam(record),
        user: userOf(subjectOf(record)),
        privileges: privilegesOf(record),
        ...sessionOf(record, placed),
      }
    }
    case USER_MANAGEMENT.uid: {
      return { ...iam(record), user: userOf(subjectOf(record)) }
    }
    case ENTITY_MANAGEMENT.uid: {
      return { ...iam(record), entity: entityOf(record) }
    }
    default: {
      return { ...statusOf(record), profiles: [] }
    }
  }
}

function apiActivity(record: StoredRecord): Specifics {
  const { call, decision, identity, correlation, outcome, kind } = record.envelope
  const trace = traceOf(record)
  const operation = call === undefined ? kind : `${call.server}__${call.tool}`
  return {
    ...statusOf(record),
    ...agentOf(record),
    ...verdictOf(record),
    actor: actorOf(record),
    api: {
      operation,
      ...(call === undefined ? { service: SERVICE } : { service: { name: call.server } }),
      ...(correlation === undefined ? {} : { request: { uid: correlation.requestId } }),
      ...(outcome === undefined ? {} : { response: { message: outcome.status } }),
    },
    src_endpoint: { name: identity?.agent.id ?? record.envelope.actor ?? 'remit' },
    ...(call === undefined ? {} : { dst_endpoint: { svc_name: call.server } }),
    ...(trace === undefined ? {} : { trace: { uid: trace } }),
    profiles: [
      ...(decision === undefined ? [] : ['security_control']),
      ...(identity === undefined ? [] : ['ai_operation']),
      ...(trace === undefined ? [] : ['trace']),
    ],
  }
}

/** Profile `security_control`: allowed 1, denied 2; what waits for consent was not let through (disposition 2, blocked). */
function verdictOf({ envelope: { decision } }: StoredRecord): JsonObject {
  if (decision === undefined) return {}
  const allowed = decision.effect === 'allow'
  return {
    action_id: allowed ? 1 : 2,
    disposition_id: allowed ? 1 : 2,
    is_alert: false,
    authorizations: decision.policies.map((uid) => ({
      decision: decision.effect,
      policy: { uid, is_applied: true, version: decision.policyHash },
    })),
  }
}

/** Profile `ai_operation`. */
function agentOf({ envelope: { identity, correlation } }: StoredRecord): JsonObject {
  if (identity === undefined) return {}
  const { id, kind } = identity.agent
  return {
    ai_agent: {
      uid: id,
      name: id,
      instance_uid: identity.task,
      type: kind,
      type_id: 99,
      ...(correlation?.client === undefined ? {} : { version: correlation.client }),
    },
  }
}

function finding(record: StoredRecord): Specifics {
  const { envelope, index } = record
  const { title } = meaningOf(record)
  const { id, kind, tenant, at } = envelope
  return {
    finding_info: {
      uid: `${tenant}/${index}`,
      title,
      types: [kind],
      created_time: Date.parse(at),
      product: { name: 'Remit', vendor_name: 'Remit' },
    },
    is_alert: true,
    confidence_id: 3,
    status_id: 1,
    resources: [{ uid: id, type: kind.split('.', 1)[0] ?? kind }],
    profiles: [],
  }
}

function iam(record: StoredRecord): Specifics {
  return {
    ...statusOf(record),
    ...agentOf(record),
    actor: actorOf(record),
    profiles: record.envelope.identity === undefined ? [] : ['ai_operation'],
  }
}

function statusOf(record: StoredRecord): JsonObject {
  const { outcome } = record.envelope
  return {
    status_id: meaningOf(record).failed === true ? FAILURE : SUCCESS,
    ...(outcome === undefined ? {} : { status_code: outcome.status }),
  }
}

function actorOf({ envelope: { identity, actor } }: StoredRecord): JsonObject {
  if (actor !== undefined) return { user: userOf(actor) }
  if (identity === undefined) return { app_name: 'Remit' }
  return { user: userOf(identity.human), session: { uid: identity.task }, app_name: identity.agent.id }
}

function userOf(uid: string): JsonObject {
  return { uid, name: uid }
}

/** Whose authority, login or account it is about. */
function subjectOf({ envelope: { data, identity, actor, id } }: StoredRecord): string {
  const named = data?.['human']
  return typeof named === 'string' ? named : (identity?.human ?? actor ?? id)
}

function privilegesOf({ envelope: { identity, id, kind } }: StoredRecord): readonly string[] {
  if (kind.startsWith('task.') && identity !== undefined) return [`workflow:${identity.workflow}`]
  return [`${kind.split('.', 1)[0] ?? kind}:${id}`]
}

function sessionOf({ envelope: { identity, id } }: StoredRecord, placed: OcsfClass): JsonObject {
  return placed === AUTHORIZE_SESSION ? { session: { uid: identity?.task ?? id } } : {}
}

function entityOf({ envelope: { id, kind, data, decision } }: StoredRecord): JsonObject {
  const type = kind.split('.', 1)[0] ?? kind
  const hash = data?.['hash'] ?? decision?.policyHash
  const version = typeof hash === 'string' ? { version: hash } : {}
  return type === 'policy'
    ? { uid: id, type, type_id: 5, ...version }
    : { uid: id, type, type_id: 99, ...version }
}
