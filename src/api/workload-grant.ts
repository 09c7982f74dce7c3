import { RemitError } from '../core/errors.ts'
import { isJsonObject } from '../core/json.ts'
import type { WorkloadRequest, WorkloadTasks } from '../gate/start-workload-task.ts'
import { parseStrictJson } from '../net/strict-json.ts'
import { delegateBody } from './contract.ts'
import { parseBody } from './route.ts'
import { EXCHANGE_GRANT, type TokenGrant } from './token-grant.ts'
import { PROOF_WORDS, tokenShowing } from './token-showing.ts'

const ASSERTION = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
const JWT_TYPES: ReadonlySet<string> = new Set([
  'urn:ietf:params:oauth:token-type:jwt',
  'urn:ietf:params:oauth:token-type:id_token',
])

/**
 * For workloads: token exchange (RFC 8693) of a JWT, or the JWT as a grant (RFC 7523), for the token of a new task.
 * `intent` says what for; `task` may say more, as JSON like the body of `POST /delegate`; `workload` names the rule.
 * A proof of a key (RFC 9449) makes that key the task's holder, and so does a client's certificate (RFC 8705) without one.
 */
export function createWorkloadGrant(ports: {
  readonly tasks: WorkloadTasks
  /** Whether there are rules at all: without, nobody's JWT is anything here. */
  readonly open: () => boolean
  /** Base URL of the agent plane as agents know it, without a slash at its end. */
  readonly publicUrl: string
}): TokenGrant {
  return {
    takes: (form) => ports.open() && isWorkload(form),
    async issue(form, request) {
      const showing = tokenShowing(request, ports.publicUrl)
      return { issued: await ports.tasks.start(tokenOf(form), wishOf(form), showing) }
    },
    event: 'workload.refused',
    wordFor: ({ code, status }) =>
      PROOF_WORDS[code] ?? (status === 400 ? 'invalid_request' : 'invalid_grant'),
  }
}

function isWorkload(form: URLSearchParams): boolean {
  const grant = form.get('grant_type')
  return (
    grant === ASSERTION || (grant === EXCHANGE_GRANT && JWT_TYPES.has(form.get('subject_token_type') ?? ''))
  )
}

/** @throws RemitError `input_invalid`, `token_missing`. */
function tokenOf(form: URLSearchParams): string {
  if (form.has('actor_token'))
    throw new RemitError('input_invalid', 'a workload acts for its human; leave `actor_token` out')
  const token = form.get(form.get('grant_type') === ASSERTION ? 'assertion' : 'subject_token') ?? ''
  if (token === '') throw new RemitError('token_missing', 'there is no workload token')
  return token
}

/** @throws RemitError `input_invalid`, `json_*`. */
function wishOf(form: URLSearchParams): WorkloadRequest {
  const more = parseStrictJson(form.get('task') ?? '{}')
  const intent = form.get('intent')
  const wish = isJsonObject(more) ? more : { task: more }
  const body = parseBody(delegateBody, { ...wish, ...(intent === null ? {} : { intent }) })
  const [workload, workflow] = [form.get('workload'), form.get('workflow')]
  return {
    // A parsed body never holds `undefined`, since JSON has none.
    ...(body as Omit<WorkloadRequest, 'workload' | 'workflow'>),
    ...(workload === null ? {} : { workload }),
    ...(workflow === null ? {} : { workflow }),
  }
}
