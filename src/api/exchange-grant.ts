import type { IncomingMessage } from 'node:http'
import { RemitError } from '../core/errors.ts'
import { newId } from '../core/ids.ts'
import type { Presented } from '../gate/delegate.ts'
import type { TaskExchange } from '../gate/exchange-task.ts'
import { grantedDetails, grantedScope, wishOf } from './exchange-wish.ts'
import { ACCESS_TOKEN, EXCHANGE_GRANT, type TokenGrant } from './token-grant.ts'
import { PROOF_WORDS, tokenShowing } from './token-showing.ts'

export interface ExchangePorts {
  readonly exchange: TaskExchange
  /** Base URL of the agent plane as agents know it, without a slash at its end. */
  readonly publicUrl: string
  /** Its MCP URL: the one place that tokens are for. */
  readonly audience: string
  readonly random: (size: number) => Uint8Array
}

/** RFC 8693 §2.2.2, RFC 9449 §5 and §8, RFC 8628 §3.5; whatever else is wrong is the request. */
const WORDS: Readonly<Record<string, string>> = {
  ...PROOF_WORDS,
  scope_wider: 'invalid_scope',
  approval_pending: 'authorization_pending',
  approval_refused: 'access_denied',
  call_denied: 'access_denied',
  task_halted: 'access_denied',
}

/**
 * Token exchange (RFC 8693) of a task token: a child of its task, under the same decision as `POST /delegate`. The actor is
 * the child itself. `dpop_jkt` names its key where the proof is the parent's.
 */
export function createExchangeGrant(ports: ExchangePorts): TokenGrant {
  return {
    takes: (form) =>
      form.get('grant_type') === EXCHANGE_GRANT && form.get('subject_token_type') === ACCESS_TOKEN,
    async issue(form, request) {
      checkRequest(form, ports.audience)
      const wish = wishOf(form)
      const issued = await ports.exchange.exchange(presentedBy(form, request, ports), wish, {
        requestId: newId('req', ports.random(16)),
      })
      const { task } = issued
      return {
        issued,
        more: { scope: grantedScope(task), authorization_details: [grantedDetails(task)] },
      }
    },
    event: 'exchange.refused',
    wordFor: ({ code }) => WORDS[code] ?? 'invalid_request',
    repeatable: new Set(['resource', 'audience']),
  }
}

/** @throws RemitError `input_invalid`. */
function checkRequest(form: URLSearchParams, audience: string): void {
  for (const name of ['actor_token', 'actor_token_type']) {
    if (form.has(name)) {
      throw new RemitError(
        'input_invalid',
        `the one who acts is the child, which has no token yet; leave \`${name}\` out`,
      )
    }
  }
  const wanted = form.get('requested_token_type') ?? ACCESS_TOKEN
  if (wanted !== ACCESS_TOKEN) {
    throw new RemitError('input_invalid', `only \`${ACCESS_TOKEN}\` is given here`)
  }
  // Endpoints of single servers are views of one resource.
  const elsewhere = [...form.getAll('resource'), ...form.getAll('audience')].find(
    (place) => place !== audience && !place.startsWith(`${audience}/`),
  )
  if (elsewhere !== undefined) {
    throw new RemitError('input_invalid', `tokens are for \`${audience}\` alone; leave the rest out`, {
      data: { oauth: 'invalid_target' },
    })
  }
}

/** @throws RemitError `token_missing`, `proof_invalid`. */
function presentedBy(
  form: URLSearchParams,
  request: IncomingMessage,
  { publicUrl }: ExchangePorts,
): Presented {
  const token = form.get('subject_token') ?? ''
  if (token === '') {
    throw new RemitError('token_missing', '`subject_token` is missing: the token of the task that delegates')
  }
  const showing = tokenShowing(request, publicUrl)
  return showing === undefined ? { token } : { token, showing }
}
