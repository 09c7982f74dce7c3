import { createHash, randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text as readText } from 'node:stream/consumers'

/** What an authorization server that is attacked, or attacks, does otherwise. */
export interface Misdeeds {
  /** Sent back as `iss` (RFC 9207). */
  iss?: string
  /** Its token endpoint answers with a redirect to this. */
  redirectTo?: string
  /** Its metadata name this as the token endpoint. */
  tokenEndpoint?: string
  /** Answer of the token endpoint to every refresh. */
  refuseRefresh?: boolean
  /** Its 401 says where its metadata are, which are nowhere else, and which scope it wants. */
  challenge?: { readonly metadata: string; readonly scope: string }
  /** The metadata that the challenge names are of this. */
  resource?: string
  /** Clients are published documents, and nobody registers. */
  documents?: boolean
  /** Scope without which a call is refused with 403. */
  wants?: string
  /** Scopes that its issuer's metadata name. */
  scopes?: readonly string[]
  /** Metadata without PKCE. */
  noPkce?: boolean
}

export interface OAuthUpstream {
  /** The MCP server's. */
  readonly url: string
  readonly origin: string
  readonly misdeeds: Misdeeds
  /** `Authorization` of every MCP request, with its method or tool. */
  readonly shown: readonly { readonly method: string; readonly authorization: string }[]
  /** Parameters of every request to the token endpoint. */
  readonly asked: readonly URLSearchParams[]
  readonly revoked: readonly string[]
  /** Forgets every access token before its time. */
  forget(): void
  /** Seconds that access tokens live. */
  lifetime: number
  /** The human agrees in a browser. @returns where the browser is sent. */
  agree(url: string): Promise<URL>
  close(): void
}

interface Grant {
  readonly client: string
  readonly resource: string
  readonly challenge: string
  readonly redirect: string
  readonly scope: string
}

/**
 * An MCP server and the authorization server that it names, on one port: RFC 9728, 8414, 7591, 7636, 8707, 9207, 7009,
 * refresh tokens good once. Every access token is one that only it can have issued.
 */
export async function startOAuthUpstream(): Promise<OAuthUpstream> {
  const made = new Issuer()
  const server = createServer((request, response) => void made.serve(request, response))
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  made.origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return Object.assign(made, {
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  })
}

class Issuer {
  origin = ''
  readonly misdeeds: Misdeeds = {}
  readonly shown: { method: string; authorization: string }[] = []
  readonly asked: URLSearchParams[] = []
  readonly revoked: string[] = []
  lifetime = 3600
  readonly #clients = new Map<string, readonly string[]>()
  readonly #codes = new Map<string, Grant>()
  readonly #refresh = new Map<string, Grant>()
  readonly #access = new Map<
    string,
    { readonly resource: string; readonly scope: string; readonly ends: number }
  >()

  get url(): string {
    return `${this.origin}/mcp`
  }

  async agree(url: string): Promise<URL> {
    const answer = await fetch(url, { redirect: 'manual' })
    return new URL(answer.headers.get('location') ?? `${this.origin}/refused`)
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '', this.origin)
    const body = await readText(request)
    const json = (value: object, status = 200): void => {
      const challenge = this.#challenge(status)
      response.writeHead(status, {
        'content-type': 'application/json',
        'cache-control': 'no-store',
        ...(challenge === undefined ? {} : { 'www-authenticate': challenge }),
      })
      response.end(JSON.stringify(value))
    }
    switch (url.pathname) {
      case this.misdeeds.challenge?.metadata ?? '/.well-known/oauth-protected-resource/mcp':
        return json({
          resource: this.misdeeds.resource ?? this.url,
          authorization_servers: [this.origin],
          scopes_supported: ['notes'],
        })
      case '/.well-known/oauth-authorization-server':
        return json(this.#metadata())
      case '/register': {
        const client = randomBytes(8).toString('hex')
        const metadata = JSON.parse(body) as { redirect_uris: string[] }
        this.#clients.set(client, metadata.redirect_uris)
        return json({ ...metadata, client_id: client }, 201)
      }
      case '/authorize':
        return this.#authorize(url.searchParams, response)
      case '/token':
        return this.#token(new URLSearchParams(body), response, json)
      case '/revoke':
        this.revoked.push(new URLSearchParams(body).get('token') ?? '')
        return json({})
      case '/mcp':
        return this.#mcp(request.headers.authorization ?? '', body, json)
      default:
        return json({}, 404)
    }
  }

  forget(): void {
    this.#access.clear()
  }

  #challenge(status: number): string | undefined {
    const { challenge, wants } = this.misdeeds
    if (status === 403) return `Bearer error="insufficient_scope", scope="${wants ?? ''}"`
    if (status !== 401 || challenge === undefined) return undefined
    return `Bearer resource_metadata="${this.origin}${challenge.metadata}", scope="${challenge.scope}"`
  }

  #metadata(): object {
    return {
      ...(this.misdeeds.scopes === undefined ? {} : { scopes_supported: this.misdeeds.scopes }),
      ...(this.misdeeds.documents === true ? { client_id_metadata_document_supported: true } : {}),
      issuer: this.origin,
      authorization_endpoint: `${this.origin}/authorize`,
      token_endpoint: this.misdeeds.tokenEndpoint ?? `${this.origin}/token`,
      registration_endpoint: `${this.origin}/register`,
      revocation_endpoint: `${this.origin}/revoke`,
      response_types_supported: ['code'],
      token_endpoint_auth_methods_supported: ['none'],
      authorization_response_iss_parameter_supported: true,
      ...(this.misdeeds.noPkce === true ? {} : { code_challenge_methods_supported: ['S256'] }),
    }
  }

  #authorize(query: URLSearchParams, response: ServerResponse): void {
    const get = (name: string): string => query.get(name) ?? ''
    const [client, redirect] = [get('client_id'), get('redirect_uri')]
    const good =
      (this.misdeeds.documents === true || this.#clients.get(client)?.includes(redirect) === true) &&
      get('response_type') === 'code' &&
      get('code_challenge_method') === 'S256' &&
      get('resource') === this.url
    if (!good) {
      response.writeHead(400).end()
      return
    }
    const code = randomBytes(16).toString('hex')
    const grant = {
      client,
      redirect,
      scope: get('scope'),
      challenge: get('code_challenge'),
      resource: get('resource'),
    }
    this.#codes.set(code, grant)
    const back = new URL(redirect)
    back.searchParams.set('code', code)
    back.searchParams.set('state', get('state'))
    back.searchParams.set('iss', this.misdeeds.iss ?? this.origin)
    response.writeHead(303, { location: back.href }).end()
  }

  #token(
    form: URLSearchParams,
    response: ServerResponse,
    json: (value: object, status?: number) => void,
  ): void {
    this.asked.push(form)
    if (this.misdeeds.redirectTo !== undefined) {
      response.writeHead(307, { location: this.misdeeds.redirectTo }).end()
      return
    }
    const get = (name: string): string => form.get(name) ?? ''
    const first = get('grant_type') === 'authorization_code'
    const [store, key] = first ? [this.#codes, get('code')] : [this.#refresh, get('refresh_token')]
    const grant = store.get(key)
    store.delete(key)
    const proof = createHash('sha256').update(get('code_verifier')).digest('base64url')
    const good =
      grant !== undefined &&
      grant.client === get('client_id') &&
      grant.resource === get('resource') &&
      (first
        ? proof === grant.challenge && grant.redirect === get('redirect_uri')
        : !this.misdeeds.refuseRefresh)
    if (!good) return json({ error: 'invalid_grant' }, 400)
    const [access, refresh] = [randomBytes(24).toString('base64url'), randomBytes(24).toString('base64url')]
    this.#access.set(access, {
      scope: grant.scope,
      resource: grant.resource,
      ends: Date.now() + this.lifetime * 1000,
    })
    this.#refresh.set(refresh, grant)
    json({ access_token: access, token_type: 'Bearer', expires_in: this.lifetime, refresh_token: refresh })
  }

  #mcp(authorization: string, body: string, json: (value: object, status?: number) => void): void {
    const { id, method, params } = JSON.parse(body) as {
      id: number
      method: string
      params: { name?: string }
    }
    this.shown.push({ method: params.name ?? method, authorization })
    const token = authorization.replace(/^Bearer /, '')
    const known = this.#access.get(token)
    if (known?.resource !== this.url || known.ends < Date.now()) return json({ error: 'invalid_token' }, 401)
    const { wants } = this.misdeeds
    if (wants !== undefined && params.name !== undefined && !known.scope.split(' ').includes(wants))
      return json({ error: 'insufficient_scope' }, 403)
    const cache = { resultType: 'complete', ttlMs: 60_000, cacheScope: 'private' }
    const base64 = Buffer.from(`<${token}`).toString('base64')
    if (params.name === 'fail') {
      return json(
        { jsonrpc: '2.0', id, error: { code: -32_000, message: `refused ${base64}`, data: { base64 } } },
        400,
      )
    }
    const result =
      method === 'server/discover'
        ? { ...cache, supportedVersions: ['2026-07-28'], capabilities: { tools: {} } }
        : method === 'tools/list'
          ? { ...cache, tools: ['look', 'fail'].map((name) => ({ name, inputSchema: { type: 'object' } })) }
          : { resultType: 'complete', content: [{ type: 'text', text: `${token} ${base64}` }] }
    json({ jsonrpc: '2.0', id, result })
  }
}
