import { type BearerChallenge, readBearerChallenge } from '../../net/read-challenge.ts'
import { guardedFetch } from '../../net/guarded-fetch.ts'
import type { OAuthServer } from './oauth-server.ts'

/** Does nothing anywhere, in any version of MCP. */
const PING = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping', params: {} })

/**
 * What the server answers to somebody without a token (RFC 9728 §5.1): where its metadata are, and which scopes it wants.
 * Undefined = it does not say.
 */
export async function askChallenge({ url, guard }: OAuthServer): Promise<BearerChallenge | undefined> {
  const headers = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' }
  try {
    const answer = await guardedFetch(url, { method: 'POST', headers, body: PING }, guard)
    return answer.status === 401
      ? readBearerChallenge(answer.headers.get('www-authenticate') ?? undefined)
      : undefined
  } catch {
    // Whoever answers nothing here is asked at its well-known places, and fails there.
    return undefined
  }
}
