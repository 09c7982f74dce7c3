import type { KoaContextWithOIDC, Provider } from 'oidc-provider'
import type { Log } from '../core/log.ts'
import type { TaskId } from '../core/ids.ts'
import type { OAuthTasks } from '../gate/oauth-tasks.ts'
import { keyThumbprint } from '../identity/proof-key.ts'

/**
 * After the library refused a refresh token: one that a key holds, in the hands of another key, or used a second time by
 * whomever, has got out. Its task ends, and with it everything that came of it. The library ends it only for the right key.
 * A token that came without a proof and is not used yet is refused alone: its client may have forgotten it.
 */
export async function endStolenFamily(
  ctx: KoaContextWithOIDC,
  of: { readonly provider: Provider; readonly tasks: Pick<OAuthTasks, 'end'>; readonly log: Log },
): Promise<void> {
  const given = refusedToken(ctx)
  if (given === undefined) return
  const token = await of.provider.RefreshToken.find(given, { ignoreExpiration: true })
  if (token?.jkt === undefined || token.grantId === undefined) return
  const shown = keyOfProof(ctx.get('dpop'))
  const another = shown !== undefined && shown !== token.jkt
  if (!another && token.consumed === undefined) return
  of.log.log('warn', 'oauth.refresh-stolen', { task: token.grantId })
  await of.tasks.end(
    token.grantId as TaskId,
    'a refresh token was used by another than the key that holds it',
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
