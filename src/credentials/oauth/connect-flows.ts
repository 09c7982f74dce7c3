import { createHash, randomInt } from 'node:crypto'
import {
  authorizationCodeGrantRequest,
  type AuthorizationServer,
  calculatePKCECodeChallenge,
  generateRandomCodeVerifier,
  generateRandomState,
  processAuthorizationCodeResponse,
  validateAuthResponse,
} from 'oauth4webapi'
import { RemitError } from '../../core/errors.ts'
import type { HumanId } from '../../core/ids.ts'
import type { SecretVault } from '../secret-vault.ts'
import type { ClientDocument } from './client-document.ts'
import { type Discovered, discoverIssuer } from './discover-issuer.ts'
import { withTokens } from './human-tokens.ts'
import { clientAuth, type OAuthServer, oauthFailure, transportOf } from './oauth-server.ts'
import { type RegisteredClient, registerClient } from './register-client.ts'
import { entryName, writeEntry } from './token-entry.ts'

export interface ConnectDeps {
  readonly vault: Pick<SecretVault, 'entry' | 'replace'>
  readonly adminUrl: string
  /** The gateway as a client that others can read about; absent = they cannot. */
  readonly document?: ClientDocument | undefined
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

interface Flow {
  readonly id: string
  readonly human: HumanId
  readonly server: OAuthServer
  readonly found: Discovered
  readonly registered: RegisteredClient
  readonly verifier: string
  readonly ends: number
  /** What came back, once it did, with the number that only that browser was shown. */
  back?: { readonly params: URLSearchParams; readonly number: string }
  wrong: number
}

const LIFETIME = 600_000
const MOST_FLOWS = 100
/** Wrong numbers before a flow is over. */
const GUESSES = 3

/**
 * Connecting humans to servers: authorization code with PKCE. Whoever starts proves who they are on the admin plane;
 * whoever comes back from the issuer is shown a number, and only who started and knows that number can finish. So
 * nobody can have another person's consent counted as their own, or the other way round.
 */
export class ConnectFlows {
  readonly #deps: ConnectDeps
  /** By state, which is good once. */
  readonly #waiting = new Map<string, Flow>()
  readonly #returned = new Map<string, Flow>()

  constructor(deps: ConnectDeps) {
    this.#deps = deps
  }

  get #redirect(): string {
    return `${this.#deps.adminUrl}/oauth/callback`
  }

  /** @param more scopes beside the usual ones. @returns the URL at which the human agrees. @throws RemitError `upstream_unavailable`, `overloaded`. */
  async start(
    server: OAuthServer,
    human: HumanId,
    more?: string,
  ): Promise<{ readonly flow: string; readonly url: string }> {
    this.#forgetOld()
    if (this.#waiting.size + this.#returned.size >= MOST_FLOWS) {
      throw new RemitError('overloaded', 'too many people are being connected; try again in ten minutes')
    }
    try {
      const usual = await discoverIssuer(server)
      const found = more === undefined ? usual : { ...usual, scope: joined(usual.scope, more) }
      const registered = await registerClient(server, found.issuer, {
        redirect: this.#redirect,
        document: this.#deps.document,
      })
      const [state, verifier, id] = [
        generateRandomState(),
        generateRandomCodeVerifier(),
        generateRandomState(),
      ]
      const flow = {
        id,
        human,
        server,
        found,
        registered,
        verifier,
        ends: this.#deps.now() + LIFETIME,
        wrong: 0,
      }
      const url = await authorizationUrl(flow, state, this.#redirect)
      this.#waiting.set(digest(state), flow)
      return { flow: id, url }
    } catch (thrown) {
      throw oauthFailure(server.key, 'connecting', thrown)
    }
  }

  /**
   * A browser came back from an issuer. Nothing is asked for yet.
   * @returns what the human types where they started. @throws RemitError `input_invalid`.
   */
  comeBack(params: URLSearchParams): { readonly server: string; readonly number: string } {
    this.#forgetOld()
    const state = params.get('state') ?? ''
    const flow = this.#waiting.get(digest(state))
    if (flow === undefined) {
      throw new RemitError(
        'input_invalid',
        'this link was used before, is too old, or never came from this gateway; start again with `remit servers connect`',
      )
    }
    this.#waiting.delete(digest(state))
    const { found, registered, server } = flow
    let checked: URLSearchParams
    try {
      checked = validateAuthResponse(found.issuer, registered.client, params, state)
    } catch (thrown) {
      const { message: why } = oauthFailure(server.key, 'connecting', thrown)
      throw new RemitError(
        'input_invalid',
        `${why}; start again with \`remit servers connect ${server.key}\``,
      )
    }
    const number = String(randomInt(100_000_000)).padStart(8, '0')
    flow.back = { params: checked, number }
    this.#returned.set(flow.id, flow)
    return { server: server.key, number }
  }

  /** @throws RemitError `input_invalid`, `upstream_unavailable`. */
  async finish(id: string, number: string, human: HumanId): Promise<void> {
    this.#forgetOld()
    const flow = this.#returned.get(id)
    const back = flow?.back
    // Nobody learns of a flow that somebody else started.
    if (flow === undefined || back === undefined || flow.human !== human) {
      throw new RemitError('input_invalid', 'nobody has come back from the issuer yet; agree there first')
    }
    if (back.number !== number.replaceAll(/\D/g, '')) {
      flow.wrong += 1
      if (flow.wrong >= GUESSES) this.#returned.delete(id)
      throw new RemitError('input_invalid', 'this is not the number that the browser was shown')
    }
    this.#returned.delete(id)
    try {
      await this.#keep(flow, back.params)
    } catch (thrown) {
      throw oauthFailure(flow.server.key, 'connecting', thrown)
    }
  }

  async #keep({ server, human, found, registered, verifier }: Flow, params: URLSearchParams): Promise<void> {
    const { vault, now } = this.#deps
    const { issuer, resource } = found
    const { client, secret } = registered
    const auth = clientAuth(issuer, client, secret)
    const options = { ...transportOf(server), additionalParameters: { resource } }
    const response = await authorizationCodeGrantRequest(
      issuer,
      client,
      auth,
      params,
      this.#redirect,
      verifier,
      options,
    )
    const answer = await processAuthorizationCodeResponse(issuer, client, response)
    const bare = { url: server.url, resource, issuer: neededOf(issuer), client }
    const entry = withTokens(
      { ...bare, ...(secret === undefined ? {} : { clientSecret: secret }) },
      answer,
      now(),
    )
    const name = entryName(server.key, human)
    const version = vault.entry(name)?.version ?? 0
    await vault.replace(name, writeEntry(entry), version, { kind: 'credential.connected', by: human })
  }

  #forgetOld(): void {
    const now = this.#deps.now()
    for (const flows of [this.#waiting, this.#returned]) {
      for (const [key, { ends }] of flows) if (ends <= now) flows.delete(key)
    }
  }
}

function joined(...scopes: readonly (string | undefined)[]): string {
  return [...new Set(scopes.flatMap((scope) => scope?.split(' ') ?? []))].join(' ')
}

async function authorizationUrl(flow: Flow, state: string, redirect: string): Promise<string> {
  const { found, registered, verifier } = flow
  const url = new URL(found.issuer.authorization_endpoint ?? '')
  const query = {
    response_type: 'code',
    client_id: registered.client.client_id,
    redirect_uri: redirect,
    state,
    code_challenge: await calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    resource: found.resource,
    ...(found.scope === undefined ? {} : { scope: found.scope }),
  }
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
  return url.href
}

/** Of its metadata, what renewing and revoking need. */
function neededOf(issuer: AuthorizationServer): AuthorizationServer {
  const { token_endpoint, revocation_endpoint, token_endpoint_auth_methods_supported: methods } = issuer
  return {
    issuer: issuer.issuer,
    ...(token_endpoint === undefined ? {} : { token_endpoint }),
    ...(revocation_endpoint === undefined ? {} : { revocation_endpoint }),
    ...(methods === undefined ? {} : { token_endpoint_auth_methods_supported: methods }),
  }
}

/** A state is looked for by its hash, so that how long that takes tells nothing. */
function digest(state: string): string {
  return createHash('sha256').update(state).digest('base64')
}
