import { type OAuthClientProvider, UnauthorizedError } from '@modelcontextprotocol/sdk/client/auth.js'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import type { OAuthClientMetadata } from '@modelcontextprotocol/sdk/shared/auth.js'

type Stored = Parameters<NonNullable<OAuthClientProvider['saveClientInformation']>>[0]
type Tokens = Parameters<OAuthClientProvider['saveTokens']>[0]

/** An agent with nothing but a URL, on the SDK of before: its own OAuth client. */
export class OAuthAgentV1 implements OAuthClientProvider {
  readonly redirectUrl: string
  readonly clientMetadata: OAuthClientMetadata
  readonly clientMetadataUrl?: string
  wants: URL | undefined
  client: Stored | undefined
  kept: Tokens | undefined
  #verifier = ''

  constructor(callback: string, documentUrl?: string) {
    this.clientMetadata = { client_name: 'SDK v1', redirect_uris: [callback] }
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
  async dial(url: string): Promise<(answer: URLSearchParams) => Promise<void>> {
    const transport = this.#transport(url)
    await new Client({ name: 'agent', version: '1' }).connect(transport).then(
      () => {
        throw new Error('connected without a token')
      },
      (error: unknown) => {
        if (!(error instanceof UnauthorizedError)) throw error
      },
    )
    return (answer) => transport.finishAuth(answer.get('code') ?? '')
  }

  async connect(url: string): Promise<Client> {
    const client = new Client({ name: 'agent', version: '1' })
    await client.connect(this.#transport(url))
    return client
  }

  #transport(url: string): StreamableHTTPClientTransport {
    return new StreamableHTTPClientTransport(new URL(url), { authProvider: this })
  }
}
