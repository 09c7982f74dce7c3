import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose'
import type { Configuration, Provider } from 'oidc-provider'

/** Whom the provider knows. */
export interface Account {
  readonly sub: string
  readonly email?: string
  readonly email_verified?: boolean
  readonly groups?: readonly string[]
}

type Claims = Record<string, unknown>

/** What a provider that is attacked, or attacks, does otherwise. */
export interface ProviderMisdeeds {
  /** Changes the claims of the ID token, which is signed anew with the provider's own key. */
  claims?: (claims: Claims) => Claims
  /** Replaces the ID token. */
  token?: (claims: Claims) => string | Promise<string>
  /** Parameters that its answer to the browser carries instead. */
  answer?: (params: URLSearchParams) => void
}

/** An OpenID provider (a certified implementation) on a port of this machine. */
export interface IdentityProviderServer {
  readonly issuer: string
  readonly misdeeds: ProviderMisdeeds
  /** Who is at the browser that comes next. */
  account: Account
  /** Signs with another key from now on, which alone it publishes. */
  rotate(): Promise<void>
  /** A client, with the place to which its people come back. */
  register(client: { readonly id: string; readonly secret: string; readonly redirect: string }): void
  readonly asked: readonly string[]
  close(): void
}

export async function startIdentityProvider(): Promise<IdentityProviderServer> {
  const made = new TestProvider()
  const server = createServer((request, response) => void made.serve(request, response))
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  made.issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  await made.rotate()
  return Object.assign(made, {
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  })
}

class TestProvider {
  issuer = ''
  readonly misdeeds: ProviderMisdeeds = {}
  readonly asked: string[] = []
  readonly #accounts = new Map<string, Account>()
  account: Account = { sub: 'nobody' }
  readonly #clients: NonNullable<Configuration['clients']>[number][] = []
  #key: { readonly jwk: JWK; readonly kid: string; readonly private: CryptoKey } | undefined
  #provider: Promise<Provider> | undefined

  async rotate(): Promise<void> {
    const { privateKey } = await generateKeyPair('ES256', { extractable: true })
    const kid = `key-${this.asked.length}`
    this.#key = {
      jwk: { ...(await exportJWK(privateKey)), kid, alg: 'ES256', use: 'sig' },
      kid,
      private: privateKey,
    }
    this.#provider = undefined
  }

  register({ id, secret, redirect }: { id: string; secret: string; redirect: string }): void {
    this.#clients.push({
      client_id: id,
      client_secret: secret,
      redirect_uris: [redirect],
      id_token_signed_response_alg: 'ES256',
    })
    this.#provider = undefined
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.asked.push(request.url ?? '')
    this.#provider ??= this.#make()
    const provider = await this.#provider
    if (!(request.url ?? '').startsWith('/interaction/')) {
      await provider.callback()(request, response)
      return
    }
    // Whoever is at the browser proves it at once.
    this.#accounts.set(this.account.sub, this.account)
    await provider.interactionFinished(
      request,
      response,
      { login: { accountId: this.account.sub }, consent: {} },
      { mergeWithLastSubmission: true },
    )
  }

  async #make(): Promise<Provider> {
    const { default: OidcProvider } = await import('oidc-provider')
    const provider = new OidcProvider(this.issuer, {
      clients: this.#clients,
      jwks: { keys: [this.#key?.jwk ?? {}] },
      cookies: { keys: ['of a test'] },
      ttl: {
        Interaction: 600,
        Grant: 600,
        Session: 600,
        AccessToken: 600,
        IdToken: 600,
        AuthorizationCode: 60,
      },
      features: { devInteractions: { enabled: false } },
      enabledJWA: { idTokenSigningAlgValues: ['ES256'] },
      // As most do: what is asked for with a scope is at the userinfo endpoint.
      claims: { openid: ['sub'], email: ['email', 'email_verified'], groups: ['groups'], profile: ['name'] },
      interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` },
      findAccount: (_ctx, id) => {
        const account = this.#accounts.get(id) ?? { sub: id }
        return { accountId: id, claims: () => ({ ...account, groups: [...(account.groups ?? [])] }) }
      },
      loadExistingGrant: async (ctx) => {
        const grant = new ctx.oidc.provider.Grant({
          clientId: ctx.oidc.client?.clientId ?? '',
          accountId: ctx.oidc.session?.accountId ?? '',
        })
        grant.addOIDCScope('openid email profile groups')
        await grant.save()
        return grant
      },
    })
    provider.use(async (ctx, next) => {
      await next()
      await this.#misbehave(ctx)
    })
    return provider
  }

  async #misbehave(ctx: {
    readonly path: string
    body: unknown
    readonly response: { get(name: string): string }
    set(name: string, value: string): void
  }): Promise<void> {
    const { token, claims, answer } = this.misdeeds
    const body = ctx.body as { id_token?: string } | undefined
    if (ctx.path === '/token' && body?.id_token !== undefined) {
      const said = JSON.parse(
        Buffer.from(body.id_token.split('.')[1] ?? '', 'base64url').toString(),
      ) as Claims
      if (token !== undefined) body.id_token = await token(said)
      else if (claims !== undefined) body.id_token = await this.#sign(claims(said))
    }
    const location = ctx.response.get('location')
    if (answer === undefined || !location.includes('code=')) return
    const url = new URL(location)
    answer(url.searchParams)
    ctx.set('location', url.href)
  }

  #sign(claims: Claims): Promise<string> {
    if (this.#key === undefined) throw new Error('no key')
    return new SignJWT(claims)
      .setProtectedHeader({ alg: 'ES256', kid: this.#key.kid, typ: 'JWT' })
      .sign(this.#key.private)
  }
}
