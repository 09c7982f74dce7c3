import { type AdapterPayload, errors } from 'oidc-provider'
import type { PollPace } from './poll-pace.ts'
import { ProviderAdapter } from './provider-adapter.ts'

/** Seconds for which an expired code is still told from one that never was. */
const LINGER = 600

/** Codes of devices, which ask until somebody has answered (RFC 8628 §3.5). */
export class DeviceCodeAdapter extends ProviderAdapter {
  readonly #pace: PollPace

  constructor(pace: PollPace, ...rest: ConstructorParameters<typeof ProviderAdapter>) {
    super(...rest)
    this.#pace = pace
  }

  override upsert(id: string, payload: AdapterPayload, expiresIn?: number): Promise<void> {
    return super.upsert(id, payload, expiresIn === undefined ? undefined : expiresIn + LINGER)
  }

  /** @throws errors.SlowDown */
  override async find(id: string): Promise<AdapterPayload | undefined> {
    const payload = await super.find(id)
    const waits = payload !== undefined && payload.accountId === undefined && payload['error'] === undefined
    if (waits && this.#pace.tooSoon(id)) throw new errors.SlowDown()
    return payload
  }
}
