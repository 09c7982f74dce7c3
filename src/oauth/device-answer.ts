import type { KoaContextWithOIDC } from 'oidc-provider'
import type { AuthorizationServerDeps } from './server-deps.ts'
import { DEVICE_PATH } from './paths.ts'

/** Seconds between two questions of one device (RFC 8628 §3.2). */
export const POLL_INTERVAL = 5

/** The library’s own pages for codes, in place of which are those of the admin plane. */
export function isDevicePage(path: string): boolean {
  return path.startsWith(`${DEVICE_PATH}/`)
}

/**
 * Device authorization response (RFC 8628 §3.2). No `verification_uri_complete`: a link that carries the code is what
 * phishing needs, and whoever types it has seen the terminal.
 */
export async function answerToDevice(
  { adminUrl }: Pick<AuthorizationServerDeps, 'adminUrl'>,
  ctx: KoaContextWithOIDC,
  next: () => Promise<void>,
): Promise<void> {
  await next()
  if (ctx.path !== DEVICE_PATH || ctx.status !== 200) return
  const { device_code, user_code, expires_in } = ctx.body as Readonly<Record<string, unknown>>
  ctx.body = {
    device_code,
    user_code,
    verification_uri: `${adminUrl}/device`,
    expires_in,
    interval: POLL_INTERVAL,
  }
}
