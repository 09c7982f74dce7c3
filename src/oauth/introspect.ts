import type { KoaContextWithOIDC } from 'oidc-provider'
import { asRemitError } from '../core/errors.ts'
import type { OAuthTasks } from '../gate/oauth-tasks.ts'
import type { TokenVerifier } from '../identity/task-token.ts'
import { equalSecrets } from '../net/constant-time.ts'
import { readBody } from '../net/read-body.ts'

/** Who may ask what becomes of tokens, and how a token is looked at. */
export interface Introspection {
  /** @returns the secret of a configured client; undefined = there is no such client, or it has none that can be used. */
  readonly secretOf: (client: string) => string | undefined
  readonly verify: TokenVerifier['verify']
}

export const INTROSPECTION_PATH = '/oauth/introspect'
const MOST_BODY = 16_384
/** What is told of a token: claims of it, which its holder can read as well. */
const TOLD = [
  'iss',
  'aud',
  'sub',
  'exp',
  'iat',
  'nbf',
  'jti',
  'client_id',
  'scope',
  'txn',
  'act',
  'tctx',
  'cnf',
]

/**
 * RFC 7662, for resource servers that the configuration names: whether a token is good now, by its task, not by its text.
 * An agent's client is none of them, whatever it registered.
 * @returns whether it was asked for.
 */
export async function introspect(
  ctx: KoaContextWithOIDC,
  { secretOf, verify }: Introspection,
  tasks: Pick<OAuthTasks, 'standing'>,
): Promise<boolean> {
  if (ctx.path !== INTROSPECTION_PATH) return false
  ctx.set('cache-control', 'no-store')
  if (ctx.method !== 'POST') return refuse(ctx, 405, 'invalid_request')
  if (!proves(ctx.get('authorization'), secretOf)) {
    ctx.set('www-authenticate', 'Basic realm="introspection"')
    return refuse(ctx, 401, 'invalid_client')
  }
  if (!ctx.is('application/x-www-form-urlencoded')) return refuse(ctx, 400, 'invalid_request')
  const form = new URLSearchParams((await readBody(ctx.req, MOST_BODY)).toString('utf8'))
  const [token, ...more] = form.getAll('token')
  if (token === undefined || token === '' || more.length > 0) return refuse(ctx, 400, 'invalid_request')
  ctx.body = (await stateOf(token, verify, tasks)) ?? { active: false }
  return true
}

/** RFC 6749 §2.3.1: both parts are form-encoded before they are joined. */
function proves(authorization: string, secretOf: Introspection['secretOf']): boolean {
  const encoded = /^Basic +([A-Za-z0-9+/]+=*)$/i.exec(authorization)?.[1]
  if (encoded === undefined) return false
  const [, client, given] = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded, 'base64').toString('utf8')) ?? []
  if (client === undefined || given === undefined) return false
  const secret = secretOf(formDecoded(client) ?? '')
  return secret !== undefined && equalSecrets(formDecoded(given) ?? '', secret)
}

function formDecoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return undefined
  }
}

/** Undefined = not good, and nobody is told why (RFC 7662 §2.2). @throws RemitError when it cannot be known now. */
async function stateOf(
  token: string,
  verify: TokenVerifier['verify'],
  tasks: Pick<OAuthTasks, 'standing'>,
): Promise<object | undefined> {
  try {
    const claims = await verify(token)
    const { task } = await tasks.standing(claims.task)
    if (task.human !== claims.human || task.tenant !== claims.tenant) return undefined
    const [, payload = ''] = token.split('.')
    const said = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Readonly<Record<string, unknown>>
    const told = TOLD.flatMap((name) => (said[name] === undefined ? [] : [[name, said[name]] as const]))
    const { jkt } = (said['cnf'] ?? {}) as { readonly jkt?: unknown }
    const token_type = jkt === undefined ? 'Bearer' : 'DPoP'
    return { active: true, token_type, ...Object.fromEntries(told) }
  } catch (thrown) {
    if (asRemitError(thrown).status >= 500) throw thrown
    return undefined
  }
}

function refuse(ctx: KoaContextWithOIDC, status: number, error: string): true {
  ctx.status = status
  ctx.body = { error }
  return true
}
