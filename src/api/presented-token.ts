import type { IncomingMessage } from 'node:http'
import { RemitError } from '../core/errors.ts'
import type { Presented } from '../gate/delegate.ts'
import { clientCertificate } from '../net/client-certificate.ts'

/** The task token of a request of the agent plane, and how its key or certificate is shown. @throws RemitError `token_missing`. */
export function presentedToken(request: IncomingMessage, publicUrl: string): Presented {
  const { authorization, dpop } = request.headers
  const [, scheme = '', token] = /^(Bearer|DPoP) +(\S+)$/i.exec(authorization ?? '') ?? []
  if (token === undefined) {
    throw new RemitError(
      'token_missing',
      'this needs the token of a task: `Authorization: Bearer …` or `DPoP …`',
    )
  }
  if (scheme.toLowerCase() === 'bearer') {
    const certificate = clientCertificate(request)
    return certificate === undefined ? { token } : { token, showing: certificate }
  }
  if (Array.isArray(dpop)) throw new RemitError('proof_invalid', 'send one `DPoP` header')
  const [path = '/'] = (request.url ?? '/').split('?')
  const method = request.method ?? ''
  return { token, showing: { proof: dpop, method, url: `${publicUrl}${path}`, at: 'resource' } }
}
