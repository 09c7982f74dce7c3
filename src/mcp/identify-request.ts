import type { IncomingMessage } from 'node:http'
import { RemitError } from '../core/errors.ts'
import type { Shown } from '../core/showing.ts'
import type { Caller } from '../gate/gate.ts'
import { clientCertificate } from '../net/client-certificate.ts'
import type { DoorContext } from './door-context.ts'
import { readToken } from './steps/read-token.ts'

/** Who sent this request, by its token and its proof (scheme `DPoP`) or its connection’s certificate. @throws RemitError as `Gate.identify`. */
export function identifyRequest({ deps }: DoorContext, request: IncomingMessage): Promise<Caller> {
  const { token, scheme } = readToken(request)
  if (scheme === 'bearer') return deps.gate.identify(token, clientCertificate(request))
  const { dpop } = request.headers
  // Node joins what was sent twice: two proofs are none (RFC 9449 §4.3).
  if (Array.isArray(dpop)) throw new RemitError('proof_invalid', 'send one `DPoP` header')
  const [path = '/'] = (request.url ?? '/').split('?')
  return deps.gate.identify(token, {
    proof: dpop,
    method: request.method ?? '',
    url: `${deps.publicUrl}${path}`,
    at: 'resource',
  })
}

/** Whether who began something long may still go on. The proof was taken when it began, and is good once. */
export function identifyAgain(
  { deps }: DoorContext,
  request: IncomingMessage,
  caller: Pick<Caller, 'holder'>,
): Promise<Caller> {
  return deps.gate.identify(readToken(request).token, shownBy(caller))
}

export function shownBy({ holder }: Pick<Caller, 'holder'>): Shown | undefined {
  return holder === undefined ? undefined : { key: holder }
}
