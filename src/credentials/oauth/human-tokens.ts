import {
  processRefreshTokenResponse,
  processRevocationResponse,
  refreshTokenGrantRequest,
  ResponseBodyError,
  revocationRequest,
  type TokenEndpointResponse,
} from 'oauth4webapi'
import { RemitError } from '../../core/errors.ts'
import type { HumanId } from '../../core/ids.ts'
import type { SecretVault } from '../secret-vault.ts'
import { clientAuth, type OAuthServer, oauthFailure, transportOf } from './oauth-server.ts'
import { entryName, partsOf, readEntry, type TokenEntry, writeEntry } from './token-entry.ts'

export interface HumanTokensDeps {
  readonly vault: Pick<SecretVault, 'entry' | 'list' | 'replace' | 'remove' | 'refresh'>
  /** Of a server that has tokens of humans. */
  readonly serverOf: (key: string) => OAuthServer | undefined
  readonly adminUrl: string
  /** Milliseconds since the epoch. */
  readonly now: () => number
  readonly sleep: (ms: number) => Promise<void>
}

/** A token is renewed this long before it ends, in milliseconds. */
const EARLY = 60_000
/** How long one gateway may take to renew a token before another may try. */
const CLAIM = 30_000
const LOOK = 200
const ATTEMPTS = 4
/** A server that refuses every token makes the gateway renew one this often, in milliseconds. */
const BETWEEN = 60_000

/** Tokens with which the gateway acts for one human at one server: kept sealed, renewed before they end. */
export class HumanTokens {
  readonly #deps: HumanTokensDeps
  readonly #renewing = new Map<string, Promise<void>>()
  /** When a server last made us renew a token that was not due. */
  readonly #forced = new Map<string, number>()

  constructor(deps: HumanTokensDeps) {
    this.#deps = deps
  }

  /** Sees to it that there is a good token. @throws RemitError `credential_needed`, `upstream_unavailable`. */
  async ready(server: string, human: HumanId): Promise<void> {
    const { entry } = this.#held(server, human)
    if (this.#isDue(entry)) await this.#renewOnce(server, human)
  }

  /**
   * The server refused what it was sent: the token is renewed, once for all that were refused, and not again at once.
   * @returns false = there is no other token to try. @throws RemitError `credential_needed`, `upstream_unavailable`.
   */
  async refused(server: string, human: HumanId, authorization: string): Promise<boolean> {
    const sent = authorization.replace(/^Bearer /, '')
    const name = entryName(server, human)
    if (this.#held(server, human).entry.access !== sent) return true
    const { now } = this.#deps
    if (now() < (this.#forced.get(name) ?? -Infinity) + BETWEEN) {
      await this.#renewing.get(name)
      return this.#held(server, human).entry.access !== sent
    }
    this.#forced.set(name, now())
    await this.#renewOnce(server, human, sent)
    return this.#held(server, human).entry.access !== sent
  }

  async #renewOnce(server: string, human: HumanId, refused?: string): Promise<void> {
    const name = entryName(server, human)
    let renewing = this.#renewing.get(name)
    if (renewing === undefined) {
      renewing = this.#renew(server, human, refused).finally(() => this.#renewing.delete(name))
      this.#renewing.set(name, renewing)
    }
    await renewing
  }

  /** What is sent now. @throws RemitError `credential_needed`. */
  headers(server: string, human: HumanId): { readonly authorization: string } {
    return { authorization: `Bearer ${this.#held(server, human).entry.access}` }
  }

  /** Revokes the tokens where the issuer can (RFC 7009), and forgets them whatever it says. @returns false = none. */
  async disconnect(server: string, human: HumanId, by: HumanId): Promise<boolean> {
    const name = entryName(server, human)
    const held = this.#deps.vault.entry(name)
    if (held === undefined) return false
    const removed = await this.#deps.vault.remove(name, { kind: 'credential.disconnected', by })
    await this.#revoke(server, held.value)
    return removed
  }

  /**
   * Forgets all that is held for somebody, at once and whatever issuers say, also of servers that are not configured any more
   * and what no key opens; then has it revoked, as `disconnect`.
   * @returns the servers, and when their issuers were told, which never rejects. @throws RemitError `secret_changed`.
   */
  async disconnectAll(
    human: HumanId,
    by: HumanId,
  ): Promise<{ readonly servers: readonly string[]; readonly told: Promise<unknown> }> {
    const { vault } = this.#deps
    await vault.refresh()
    const names = vault.list().map(({ name }) => name)
    const servers: string[] = []
    const telling: Promise<void>[] = []
    for (const name of names) {
      const parts = partsOf(name)
      if (parts?.human !== human) continue
      const forgotten = await this.#forget(name, by)
      if (!forgotten.removed) continue
      servers.push(parts.server)
      if (forgotten.value !== undefined) telling.push(this.#revoke(parts.server, forgotten.value))
    }
    return { servers, told: Promise.allSettled(telling) }
  }

  /** Another gateway may renew it at that moment. */
  async #forget(
    name: string,
    by: HumanId,
  ): Promise<{ readonly removed: boolean; readonly value?: string | undefined }> {
    const { vault } = this.#deps
    for (let attempt = 1; ; attempt += 1) {
      const value = readable(vault, name)
      try {
        return { removed: await vault.remove(name, { kind: 'credential.disconnected', by }), value }
      } catch (thrown) {
        const changed = thrown instanceof RemitError && thrown.code === 'secret_changed'
        if (!changed || attempt === ATTEMPTS) throw thrown
      }
    }
  }

  #held(server: string, human: HumanId): { readonly entry: TokenEntry; readonly version: number } {
    const held = this.#deps.vault.entry(entryName(server, human))
    const configured = this.#deps.serverOf(server)
    if (held === undefined || configured === undefined)
      throw this.#notConnected(server, human, 'is not connected')
    const entry = readEntry(held.value)
    if (entry.url !== configured.url) {
      throw this.#notConnected(server, human, 'was connected when the server had another URL')
    }
    return { entry, version: held.version }
  }

  #isDue({ expires }: TokenEntry): boolean {
    return expires !== undefined && this.#deps.now() >= expires - EARLY
  }

  /** One gateway asks, whoever of them gets its claim into the store; the others wait for what it got. */
  async #renew(server: string, human: HumanId, refused?: string): Promise<void> {
    const { vault, now, sleep } = this.#deps
    for (;;) {
      await vault.refresh()
      const { entry, version } = this.#held(server, human)
      if (!this.#isDue(entry) && entry.access !== refused) return
      if (entry.refresh === undefined) {
        if (now() < (entry.expires ?? 0)) return
        throw this.#notConnected(server, human, 'has a token that ended')
      }
      if (entry.claimed !== undefined && entry.claimed > now()) {
        await sleep(LOOK)
        continue
      }
      const claim = writeEntry({ ...entry, claimed: now() + CLAIM })
      const name = entryName(server, human)
      if (!(await won(vault.replace(name, claim, version)))) continue
      return this.#ask({ server, human, entry, refresh: entry.refresh, version: version + 1 })
    }
  }

  async #ask({ server, human, entry, refresh, version }: Renewal): Promise<void> {
    const { vault, now } = this.#deps
    const name = entryName(server, human)
    const { claimed: _claimed, ...unclaimed } = entry
    try {
      const next = withTokens(unclaimed, await this.#exchange(server, entry, refresh), now())
      await vault.replace(name, writeEntry(next), version, { kind: 'credential.refreshed', by: human })
    } catch (thrown) {
      if (thrown instanceof ResponseBodyError && thrown.error === 'invalid_grant') {
        await vault.remove(name, { kind: 'credential.disconnected', by: human })
        throw this.#notConnected(server, human, 'may not renew the token any more')
      }
      await won(vault.replace(name, writeEntry(unclaimed), version))
      if (now() < (entry.expires ?? 0)) return
      throw oauthFailure(server, 'renewing the token', thrown)
    }
  }

  async #exchange(server: string, entry: TokenEntry, refresh: string): Promise<TokenEndpointResponse> {
    const { issuer, client, clientSecret, resource } = entry
    const configured = this.#deps.serverOf(server)
    if (configured === undefined) throw new RemitError('not_found', `no server \`${server}\` is configured`)
    const auth = clientAuth(issuer, client, clientSecret)
    const options = { ...transportOf(configured), additionalParameters: { resource } }
    const response = await refreshTokenGrantRequest(issuer, client, auth, refresh, options)
    return processRefreshTokenResponse(issuer, client, response)
  }

  async #revoke(server: string, value: string): Promise<void> {
    const configured = this.#deps.serverOf(server)
    const { issuer, client, clientSecret, access, refresh } = readEntry(value)
    if (configured === undefined || issuer.revocation_endpoint === undefined) return
    const auth = clientAuth(issuer, client, clientSecret)
    for (const token of [refresh, access]) {
      if (token === undefined) continue
      try {
        const response = await revocationRequest(issuer, client, auth, token, transportOf(configured))
        await processRevocationResponse(response)
      } catch {
        // It is forgotten here; that its issuer was not there changes nothing about that.
      }
    }
  }

  #notConnected(server: string, human: HumanId, why: string): RemitError {
    const url = `${this.#deps.adminUrl}/servers/${server}/connect`
    return new RemitError(
      'credential_needed',
      `\`${human}\` ${why} at \`${server}\`; nothing was sent. \`${human}\` can connect it with \`remit servers connect ${server}\`: ${url}`,
      { data: { url } },
    )
  }
}

interface Renewal {
  readonly server: string
  readonly human: HumanId
  readonly entry: TokenEntry
  readonly refresh: string
  readonly version: number
}

/** @throws RemitError `upstream_unavailable` for a token that this gateway cannot present. */
export function withTokens<Entry extends Omit<TokenEntry, 'access'>>(
  entry: Entry,
  answer: TokenEndpointResponse,
  now: number,
): Entry & TokenEntry {
  const {
    access_token: access,
    refresh_token: refresh,
    expires_in: seconds,
    scope,
    token_type: type,
  } = answer
  if (type !== 'bearer') {
    throw new RemitError(
      'upstream_unavailable',
      `the issuer gave a \`${type}\` token; only bearer tokens are used`,
    )
  }
  const { expires: _ended, ...rest } = entry
  return {
    ...(rest as Entry),
    access,
    ...(refresh === undefined ? {} : { refresh }),
    ...(seconds === undefined ? {} : { expires: now + seconds * 1000 }),
    ...(scope === undefined ? {} : { scope }),
  }
}

/** Undefined = there is none, or none that a key opens. */
function readable(vault: HumanTokensDeps['vault'], name: string): string | undefined {
  try {
    return vault.entry(name)?.value
  } catch (thrown) {
    if (thrown instanceof RemitError && thrown.code === 'key_unusable') return undefined
    throw thrown
  }
}

/** False = another gateway was first. */
async function won(change: Promise<void>): Promise<boolean> {
  try {
    await change
    return true
  } catch (thrown) {
    if (thrown instanceof RemitError && thrown.code === 'secret_changed') return false
    throw thrown
  }
}
