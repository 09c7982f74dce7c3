import {
  type OAuthClientProvider,
  StreamableHTTPClientTransport,
  Client,
  UnauthorizedError,
  type OAuthClientMetadata,
} from '@modelcontextprotocol/client'

type Stored = Parameters<NonNullable<OAuthClientProvider['saveClientInformation']>>[0]
type Tokens = Parameters<OAuthClientProvider['saveTokens']>[0]

/** Below what systems hand out for outgoing connections: a test in a real browser listens here. */
export const CALLBACK = 'http://127.0.0.1:11418/callback'

/** An agent with nothing but a URL: the official SDK’s own OAuth client. */
export class OAuthAgent implements OAuthClientProvider {
  readonly redirectUrl: string
  readonly clientMetadata: OAuthClientMetadata
  readonly clientMetadataUrl?: string
  wants: URL | undefined
  client: Stored | undefined
  kept: Tokens | undefined
  #verifier = ''

  constructor(name: string, callback = CALLBACK, documentUrl?: string) {
    this.clientMetadata = { client_name: name, redirect_uris: [callback] }
    this.redirectUrl = callback
    if (documentUrl !== undefined) this.clientMetadataUrl = documentUrl
  }

  clientInformation(): Stored | undefined {
    return this.client
  }
  saveClientInformation(client: Stored): void {
    this.client = client
  }
  tokens(): Tokens | undefined {
    return this.kept
  }
  saveTokens(tokens: Tokens): void {
    this.kept = tokens
  }
  redirectToAuthorization(url: URL): void {
    this.wants = url
  }
  saveCodeVerifier(verifier: string): void {
    this.#verifier = verifier
  }
  codeVerifier(): string {
    return this.#verifier
  }

  /** Dials, is refused, and has the address to which a human must go. */
  async dial(url: string): Promise<StreamableHTTPClientTransport> {
    const transport = new StreamableHTTPClientTransport(new URL(url), { authProvider: this })
    const client = new Client({ name: 'agent', version: '1' })
    await client.connect(transport).then(
      () => {
        throw new Error('connected without a token')
      },
      (error: unknown) => {
        if (!(error instanceof UnauthorizedError)) throw error
      },
    )
    return transport
  }

  async connect(url: string): Promise<Client> {
    const client = new Client({ name: 'agent', version: '1' })
    await client.connect(new StreamableHTTPClientTransport(new URL(url), { authProvider: this }))
    return client
  }
}
