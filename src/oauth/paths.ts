/** Whether a path of the agent plane is the authorization server’s. */
export function servesOAuth(path: string): boolean {
  return (
    path.startsWith('/oauth/') ||
    path === '/.well-known/oauth-authorization-server' ||
    path === '/.well-known/openid-configuration'
  )
}
