import {
  None,
  processRefreshTokenResponse,
  refreshTokenGrantRequest,
  ResponseBodyError,
  revocationRequest,
} from 'oauth4webapi'
import type { Log } from '../../core/log.ts'
import { type KnownGateway, transportTo } from './find-issuer.ts'
import { keptTokens, type KeptTokens } from './kept-tokens.ts'
import { type ProveRequest, provingTransport } from './proving-transport.ts'

/** Milliseconds before its end at which a token is renewed. */
const EARLY = 60_000
const GIVE_BACK_WITHIN = 3_000

export interface AgentTokensOptions {
  readonly gateway: KnownGateway
  readonly tokens: KeptTokens
  readonly prove: ProveRequest
  /** Keeps the new ones before they are used. */
  readonly save: (tokens: KeptTokens) => void
  readonly now: () => number
  readonly log: Log
}

/** The token of an agent's task, always one that is still good. */
export class AgentTokens {
  readonly #options: AgentTokensOptions
  readonly #transport: ReturnType<typeof provingTransport>
  #tokens: KeptTokens
  #renewing: Promise<void> | undefined
  #ended = false

  constructor(options: AgentTokensOptions) {
    this.#options = options
    this.#tokens = options.tokens
    this.#transport = provingTransport(options.gateway.url, options.prove)
  }

  /** Whether the gateway said that the task is over. */
  get ended(): boolean {
    return this.#ended
  }

  /** One that cannot be renewed is given as it is: the gateway's own answer says what became of the task. */
  async current(): Promise<string> {
    if (!this.#ended && this.#options.now() >= this.#tokens.expires - EARLY) {
      // A refresh token that is used twice ends the task, so whoever comes meanwhile waits for the one renewal.
      this.#renewing ??= this.#renew().finally(() => {
        this.#renewing = undefined
      })
      await this.#renewing
    }
    return this.#tokens.access
  }

  /** Ends the task: nobody else holds its tokens. */
  async giveBack(): Promise<void> {
    const { gateway, log } = this.#options
    const { clientId: client_id, refresh } = this.#tokens
    try {
      const signal = AbortSignal.timeout(GIVE_BACK_WITHIN)
      const options = { ...transportTo(gateway.url), signal }
      await revocationRequest(gateway.issuer, { client_id }, None(), refresh, options)
    } catch (error) {
      log.log('warn', 'task not ended', { error: String(error) })
    }
  }

  async #renew(): Promise<void> {
    const { gateway, save, now, log } = this.#options
    const { issuer, url } = gateway
    const { clientId, refresh } = this.#tokens
    const client = { client_id: clientId }
    try {
      const response = await refreshTokenGrantRequest(issuer, client, None(), refresh, this.#transport)
      const given = await processRefreshTokenResponse(issuer, client, response)
      const next = keptTokens(given, { url, clientId, now: now() })
      save(next)
      this.#tokens = next
    } catch (error) {
      this.#ended = error instanceof ResponseBodyError && error.error === 'invalid_grant'
      log.log('warn', this.#ended ? 'the task has ended' : 'token not renewed', { error: String(error) })
    }
  }
}
