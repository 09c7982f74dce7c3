import { hash } from 'node:crypto'
import type { KoaContextWithOIDC } from 'oidc-provider'
import type { TokenKeys } from '../identity/token-keys.ts'

const PATH = '/oauth/jwks'

/**
 * The JWK Set (RFC 7517 §5), as it is now. Others may keep it for no longer than a new key is published before it signs, so
 * that nobody meets a token whose key they cannot know.
 * @returns whether it was asked for.
 */
export function serveKeys(ctx: KoaContextWithOIDC, keys: TokenKeys): boolean {
  if (ctx.path !== PATH || (ctx.method !== 'GET' && ctx.method !== 'HEAD')) return false
  const body = JSON.stringify({ keys: keys.published() })
  ctx.set('access-control-allow-origin', '*')
  ctx.set('cache-control', `public, max-age=${keys.maxAge}, must-revalidate`)
  const etag = `"${hash('sha256', body, 'base64url').slice(0, 22)}"`
  ctx.set('etag', etag)
  ctx.status = 304
  if (ctx.get('if-none-match') === etag) return true
  ctx.status = 200
  ctx.type = 'application/jwk-set+json'
  ctx.body = body
  return true
}
