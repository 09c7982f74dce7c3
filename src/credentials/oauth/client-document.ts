import { isLoopbackHost } from '../../net/ip-ranges.ts'

/** Where the gateway describes itself as a client of other authorization servers. */
export const CLIENT_DOCUMENT_PATH = '/oauth/client-metadata.json'

export interface ClientDocument {
  readonly client_id: string
  readonly client_name: string
  readonly redirect_uris: readonly string[]
  readonly grant_types: readonly string[]
  readonly response_types: readonly string[]
  readonly application_type: 'native' | 'web'
  readonly token_endpoint_auth_method: 'none'
}

/**
 * The gateway as a published metadata document (OAuth Client ID Metadata Document): its URL is the client id, so that
 * nobody has to register it. @returns undefined = others cannot read it at that URL.
 */
export function clientDocument(urls: {
  readonly agent: string
  readonly admin: string
}): ClientDocument | undefined {
  const { protocol, hostname } = new URL(urls.agent)
  if (protocol !== 'https:' || isLoopbackHost(hostname)) return undefined
  return {
    client_id: `${urls.agent}${CLIENT_DOCUMENT_PATH}`,
    ...clientWords(`${urls.admin}/oauth/callback`),
    token_endpoint_auth_method: 'none',
  }
}

/** What is said of the gateway wherever it is a client. */
export function clientWords(redirect: string) {
  return {
    client_name: 'Remit',
    redirect_uris: [redirect],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    // A `web` client may not be called back on the machine of the browser (OpenID Connect Registration §2).
    application_type: isLoopbackHost(new URL(redirect).hostname) ? ('native' as const) : ('web' as const),
  }
}
