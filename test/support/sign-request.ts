import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'

/** What a page's key is to a browser: made at login, and its public half sent along. */
export interface PageKey {
  readonly privateKey: KeyObject
  readonly jwk: { readonly kty: string; readonly crv: string; readonly x: string; readonly y: string }
}

export function newPageKey(): PageKey {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' }) as { x?: string; y?: string }
  return { privateKey, jwk: { kty: 'EC', crv: 'P-256', x, y } }
}

/** The headers with which the pages sign a request (RFC 9421), written from the standard and not from the gateway. */
export function signRequest(
  key: PageKey,
  { method, url, body }: { readonly method: string; readonly url: URL; readonly body: string },
  created = Math.floor(Date.now() / 1000),
): Record<string, string> {
  const digest = `sha-256=:${createHash('sha256').update(body).digest('base64')}:`
  const nonce = randomBytes(16).toString('base64url')
  const parameters = `("@method" "@authority" "@path" "@query" "content-digest");created=${created};nonce="${nonce}";alg="ecdsa-p256-sha256"`
  const base = `"@method": ${method}\n"@authority": ${url.host}\n"@path": ${url.pathname}\n"@query": ${url.search || '?'}\n"content-digest": ${digest}\n"@signature-params": ${parameters}`
  const signature = sign('sha256', Buffer.from(base), { key: key.privateKey, dsaEncoding: 'ieee-p1363' })
  return {
    'content-digest': digest,
    'signature-input': `remit=${parameters}`,
    signature: `remit=:${signature.toString('base64')}:`,
  }
}
