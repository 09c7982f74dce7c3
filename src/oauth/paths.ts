/** Where terminals ask for a code (RFC 8628 §3.1). */
export const DEVICE_PATH = '/oauth/device'

/** Whether a path of the agent plane is the authorization server’s. */
export function servesOAuth(path: string): boolean {
  return (
    path.startsWith('/oauth/') ||
    path === '/.well-known/oauth-authorization-server' ||
    path === '/.well-known/openid-configuration'
  )
}
