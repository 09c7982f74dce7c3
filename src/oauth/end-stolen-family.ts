import type { KoaContextWithOIDC, Provider } from 'oidc-provider'
import { certificateHolder, heldCertificate } from '../core/holder.ts'
import type { Log } from '../core/log.ts'
import type { TaskId } from '../core/ids.ts'
import type { OAuthTasks } from '../gate/oauth-tasks.ts'
import { keyThumbprint } from '../identity/proof-key.ts'
import { clientCertificate } from '../net/client-certificate.ts'
import { boundTo } from './bound-to.ts'

/**
 * After the library refused a refresh token: one that a key or certificate holds, in the hands of another, or used a second time by
 * whomever, has got out. Its task ends, and with it everything that came of it. The library ends it only for the right key.
 * A token that came without either and is not used yet is refused alone: its client may have forgotten it.
 */
export async function endStolenFamily(
  ctx: KoaContextWithOIDC,
  of: { readonly provider: Provider; readonly tasks: Pick<OAuthTasks, 'end'>; readonly log: Log },
): Promise<void> {
  const given = refusedToken(ctx)
  if (given === undefined) return
  const token = await of.provider.RefreshToken.find(given, { ignoreExpiration: true })
  const holder = token === undefined ? undefined : boundTo(token)
  if (holder === undefined || token?.grantId === undefined) return
  const shown = heldCertificate(holder) === undefined ? keyOfProof(ctx.get('dpop')) : certificateOf(ctx)
  const another = shown !== undefined && shown !== holder
  if (!another && token.consumed === undefined) return
  of.log.log('warn', 'oauth.refresh-stolen', { task: token.grantId })
  await of.tasks.end(
    token.grantId as TaskId,
    'a refresh token was used by another than the key or certificate that holds it',
  )
  const grant = await of.provider.Grant.find(token.grantId)
  await grant?.destroy()
}

function refusedToken(ctx: KoaContextWithOIDC): string | undefined {
  if (ctx.status !== 400 || ctx.oidc?.route !== 'token') return undefined
  const { error } = (ctx.body ?? {}) as { readonly error?: unknown }
  const { grant_type, refresh_token } = ctx.oidc.params ?? {}
  if (error !== 'invalid_grant' || grant_type !== 'refresh_token') return undefined
  return typeof refresh_token === 'string' ? refresh_token : undefined
}

function certificateOf({ req }: KoaContextWithOIDC): string | undefined {
  const certificate = clientCertificate(req)?.certificate
  return certificate === undefined ? undefined : certificateHolder(certificate)
}

/** The library has verified the proof before it refuses a grant. */
function keyOfProof(proof: string): string | undefined {
  try {
    const header = JSON.parse(Buffer.from(proof.split('.')[0] ?? '', 'base64url').toString('utf8')) as {
      readonly jwk?: unknown
    }
    return keyThumbprint(header.jwk)
  } catch {
    return undefined
  }
}
