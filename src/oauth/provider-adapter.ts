import { errors, type Adapter, type AdapterPayload } from 'oidc-provider'
import type { TaskId } from '../core/ids.ts'
import type { StoredOAuthEntry } from '../core/oauth-entry.ts'
import type { OAuthTasks } from '../gate/oauth-tasks.ts'
import type { Entries } from './entries.ts'

/** A client that registered itself and is not seen again is forgotten, and may register anew. */
const CLIENT_LIFE = 90 * 86_400_000
/** The value of these is the secret itself, and they are found by it alone: it is not written down. */
const BEARERS = new Set([
  'AuthorizationCode',
  'DeviceCode',
  'RefreshToken',
  'AccessToken',
  'RegistrationAccessToken',
])

/** One kind of thing of the protocol library, on our store. A grant is a task, and has its id. */
export class ProviderAdapter implements Adapter {
  readonly #model: string
  readonly #entries: Entries
  readonly #tasks: OAuthTasks

  constructor(model: string, entries: Entries, tasks: OAuthTasks) {
    this.#model = model
    this.#entries = entries
    this.#tasks = tasks
  }

  async upsert(id: string, payload: AdapterPayload, expiresIn?: number): Promise<void> {
    const { jti, ...rest } = payload
    await this.#entries.put({
      model: this.#model,
      id,
      value: BEARERS.has(this.#model) ? rest : { ...rest, ...(jti === undefined ? {} : { jti }) },
      lifetime: expiresIn === undefined ? CLIENT_LIFE : expiresIn * 1000,
      ...(payload.uid === undefined ? {} : { uid: payload.uid }),
      ...(payload.userCode === undefined ? {} : { userCode: payload.userCode }),
    })
  }

  async find(id: string): Promise<AdapterPayload | undefined> {
    const payload = payloadOf(await this.#entries.get(this.#model, id))
    return payload === undefined || !BEARERS.has(this.#model) ? payload : { ...payload, jti: id }
  }

  async findByUid(uid: string): Promise<AdapterPayload | undefined> {
    return payloadOf(await this.#entries.find(this.#model, 'uid', uid))
  }

  async findByUserCode(userCode: string): Promise<AdapterPayload | undefined> {
    return payloadOf(await this.#entries.find(this.#model, 'userCode', userCode))
  }

  /** Two who use one code or refresh token at once: one succeeds, and then nothing of the grant is good. */
  async consume(id: string): Promise<void> {
    if (await this.#entries.consume(this.#model, id)) return
    const grant = payloadOf(await this.#entries.get(this.#model, id))?.grantId
    if (grant !== undefined) await this.revokeByGrantId(grant)
    throw new errors.InvalidGrant('it was used already')
  }

  async destroy(id: string): Promise<void> {
    await this.#entries.remove(this.#model, id)
  }

  /** Without its grant no code or token of it is good, and without its task no call. */
  async revokeByGrantId(grantId: string): Promise<void> {
    await this.#tasks.end(
      grantId as TaskId,
      'an authorization code or refresh token was used twice or given back',
    )
    await this.#entries.remove('Grant', grantId)
  }
}

export function payloadOf(entry: StoredOAuthEntry | undefined): AdapterPayload | undefined {
  if (entry === undefined) return undefined
  const payload = JSON.parse(entry.body) as AdapterPayload
  return entry.consumed === undefined ? payload : { ...payload, consumed: Math.floor(entry.consumed / 1000) }
}
