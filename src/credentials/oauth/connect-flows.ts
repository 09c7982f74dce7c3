import { randomInt } from 'node:crypto'
import {
  authorizationCodeGrantRequest,
  type AuthorizationServer,
  calculatePKCECodeChallenge,
  generateRandomCodeVerifier,
  generateRandomState,
  processAuthorizationCodeResponse,
  skipStateCheck,
  validateAuthResponse,
} from 'oauth4webapi'
import { RemitError } from '../../core/errors.ts'
import type { HumanId } from '../../core/ids.ts'
import type { SecretVault } from '../secret-vault.ts'
import type { ClientDocument } from './client-document.ts'
import { discoverIssuer } from './discover-issuer.ts'
import { withTokens } from './human-tokens.ts'
import { clientAuth, type OAuthServer, oauthFailure, transportOf } from './oauth-server.ts'
import type { PendingFlow, PendingFlows, ReturnedFlow } from './pending-flows.ts'
import { registerClient } from './register-client.ts'
import { entryName, writeEntry } from './token-entry.ts'

export interface ConnectDeps {
  readonly vault: Pick<SecretVault, 'entry' | 'replace' | 'refresh'>
  readonly pending: PendingFlows
  /** Of a server that has tokens of humans. */
  readonly serverOf: (key: string) => OAuthServer | undefined
  readonly adminUrl: string
  /** The gateway as a client that others can read about; absent = they cannot. */
  readonly document?: ClientDocument | undefined
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

const LIFETIME = 600_000
/** Begun at one gateway within a flow's lifetime. */
const MOST_FLOWS = 1_000

/**
 * Connecting humans to servers: authorization code with PKCE. Whoever starts proves who they are on the admin plane;
 * whoever comes back from the issuer is shown a number, and only who started and knows that number can finish. So
 * nobody can have another person's consent counted as their own, or the other way round.
 */
export class ConnectFlows {
  readonly #deps: ConnectDeps
  /** When each flow was begun here that has not ended. */
  #begun: readonly number[] = []

  constructor(deps: ConnectDeps) {
    this.#deps = deps
  }

  get #redirect(): string {
    return `${this.#deps.adminUrl}/oauth/callback`
  }

  /** @param more scopes beside the usual ones. @returns the URL at which the human agrees. @throws RemitError `not_found`, `upstream_unavailable`, `overloaded`. */
  async start(
    key: string,
    human: HumanId,
    more?: string,
  ): Promise<{ readonly flow: string; readonly url: string }> {
    const server = this.#deps.serverOf(key)
    if (server === undefined) {
      throw new RemitError('not_found', `no server \`${key}\` with \`oauth\` is configured`)
    }
    this.#countBegun()
    try {
      const { issuer, resource, scope } = await discoverIssuer(server)
      const { client, secret } = await registerClient(server, issuer, {
        redirect: this.#redirect,
        document: this.#deps.document,
      })
      const flow: PendingFlow = {
        id: generateRandomState(),
        human,
        server: key,
        url: server.url,
        issuer,
        resource,
        client,
        verifier: generateRandomCodeVerifier(),
        ends: this.#deps.now() + LIFETIME,
        ...(secret === undefined ? {} : { clientSecret: secret }),
      }
      const state = generateRandomState()
      const wanted = more === undefined ? scope : joined(scope, more)
      const url = await authorizationUrl(flow, { state, scope: wanted, redirect: this.#redirect })
      await this.#deps.pending.begin(state, flow)
      return { flow: flow.id, url }
    } catch (thrown) {
      throw oauthFailure(key, 'connecting', thrown)
    }
  }

  /**
   * A browser came back from an issuer. Nothing is asked for yet.
   * @returns what the human types where they started. @throws RemitError `input_invalid`.
   */
  async comeBack(params: URLSearchParams): Promise<{ readonly server: string; readonly number: string }> {
    const { pending } = this.#deps
    const state = params.get('state') ?? ''
    const flow = await pending.waiting(state)
    if (flow === undefined) throw unknownState()
    const { issuer, client, server } = flow
    let checked: URLSearchParams
    try {
      checked = validateAuthResponse(issuer, client, params, state)
    } catch (thrown) {
      await pending.useState(state)
      const { message: why } = oauthFailure(server, 'connecting', thrown)
      throw new RemitError('input_invalid', `${why}; start again with \`remit servers connect ${server}\``)
    }
    const number = String(randomInt(100_000_000)).padStart(8, '0')
    // Of browsers that bring the same state, the first is shown a number.
    if (!(await pending.useState(state, { ...flow, params: checked.toString(), number })))
      throw unknownState()
    return { server, number }
  }

  /** @throws RemitError `input_invalid`, `upstream_unavailable`. */
  async finish(id: string, number: string, human: HumanId): Promise<void> {
    const { pending } = this.#deps
    const flow = await pending.returned(id)
    // Nobody learns of a flow that somebody else started.
    if (flow === undefined || flow.human !== human) throw nobodyCameBack()
    if (!(await pending.takeGuess(flow))) {
      await pending.end(id)
      throw nobodyCameBack()
    }
    if (flow.number !== number.replaceAll(/\D/g, '')) {
      throw new RemitError('input_invalid', 'this is not the number that the browser was shown')
    }
    if (!(await pending.end(id))) throw nobodyCameBack()
    try {
      await this.#keep(flow, this.#serverOf(flow))
    } catch (thrown) {
      throw oauthFailure(flow.server, 'connecting', thrown)
    }
  }

  async #keep(flow: ReturnedFlow, server: OAuthServer): Promise<void> {
    const { vault, now } = this.#deps
    const { human, issuer, resource, client, clientSecret, verifier } = flow
    const response = await authorizationCodeGrantRequest(
      issuer,
      client,
      clientAuth(issuer, client, clientSecret),
      validateAuthResponse(issuer, client, new URLSearchParams(flow.params), skipStateCheck),
      this.#redirect,
      verifier,
      { ...transportOf(server), additionalParameters: { resource } },
    )
    const answer = await processAuthorizationCodeResponse(issuer, client, response)
    const bare = { url: server.url, resource, issuer: neededOf(issuer), client }
    const entry = withTokens(
      { ...bare, ...(clientSecret === undefined ? {} : { clientSecret }) },
      answer,
      now(),
    )
    const name = entryName(flow.server, human)
    // Another gateway may have connected the same human before.
    await vault.refresh()
    const version = vault.entry(name)?.version ?? 0
    await vault.replace(name, writeEntry(entry), version, { kind: 'credential.connected', by: human })
  }

  /** The configuration may be another one by now, or another gateway's. */
  #serverOf({ server: key, url }: PendingFlow): OAuthServer {
    const server = this.#deps.serverOf(key)
    if (server?.url === url) return server
    throw new RemitError(
      'input_invalid',
      `the server \`${key}\` has another URL now than when this was begun; start again with \`remit servers connect ${key}\``,
    )
  }

  #countBegun(): void {
    const now = this.#deps.now()
    this.#begun = [...this.#begun.filter((at) => at + LIFETIME > now), now]
    if (this.#begun.length <= MOST_FLOWS) return
    this.#begun = this.#begun.slice(0, MOST_FLOWS)
    throw new RemitError('overloaded', 'too many people are being connected; try again in ten minutes')
  }
}

function unknownState(): RemitError {
  return new RemitError(
    'input_invalid',
    'this link was used before, is too old, or never came from this gateway; start again with `remit servers connect`',
  )
}

function nobodyCameBack(): RemitError {
  return new RemitError('input_invalid', 'nobody has come back from the issuer yet; agree there first')
}

function joined(...scopes: readonly (string | undefined)[]): string {
  return [...new Set(scopes.flatMap((scope) => scope?.split(' ') ?? []))].join(' ')
}

interface Request {
  readonly state: string
  readonly scope: string | undefined
  readonly redirect: string
}

async function authorizationUrl(
  { issuer, client, verifier, resource }: PendingFlow,
  { state, scope, redirect }: Request,
): Promise<string> {
  const url = new URL(issuer.authorization_endpoint ?? '')
  const query = {
    response_type: 'code',
    client_id: client.client_id,
    redirect_uri: redirect,
    state,
    code_challenge: await calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    resource,
    ...(scope === undefined ? {} : { scope }),
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
