import type { IncomingMessage } from 'node:http'
import { RemitError } from '../../core/errors.ts'

/** A token as it was presented (RFC 6750 §2.1, RFC 9449 §7.1). */
export interface Credential {
  readonly token: string | undefined
  readonly scheme: 'bearer' | 'dpop'
}

const TOKEN = /^(bearer|dpop) +([A-Za-z0-9\-._~+/]+=*)$/i
const IN_QUERY = /[?&](access_token|token)=/i

/**
 * The token of this very request. A session authenticates nothing, and a URL is no place for a token: it ends up in logs.
 * @throws RemitError `token_invalid`.
 */
export function readToken(request: IncomingMessage): Credential {
  if (IN_QUERY.test(request.url ?? '')) {
    throw new RemitError('token_invalid', 'a token in the URL is refused; send it in `Authorization: Bearer`')
  }
  // Node keeps the first of several, and a proxy may have looked at another.
  if ((request.headersDistinct['authorization'] ?? []).length > 1) {
    throw new RemitError('token_invalid', 'there is more than one `Authorization` header; send one')
  }
  const header = request.headers.authorization
  if (header === undefined) return { token: undefined, scheme: 'bearer' }
  const [, scheme = '', token] = TOKEN.exec(header) ?? []
  if (token === undefined) {
    throw new RemitError(
      'token_invalid',
      'the `Authorization` header must be `Bearer` and one token, or `DPoP` and a token that is bound to a key',
    )
  }
  return { token, scheme: scheme.toLowerCase() === 'dpop' ? 'dpop' : 'bearer' }
}
