import type { SecretAnswer, ServersReloadAnswer } from '../api/contract.ts'
import type { GatewaySide } from '../server/init/apply-init.ts'
import { asRemitError } from '../core/errors.ts'
import { type AdminClient, openAdminClient } from './admin-client.ts'
import type { Invocation } from './command.ts'
import { plainLine } from './plain-text.ts'

interface Gateway {
  /** Secrets of its store. */
  readonly stored: ReadonlyMap<string, unknown>
  /** Undefined = it does not run. */
  readonly reader: AdminClient | undefined
}

/** Asks the running gateway, with the approver code where secrets are to be set. */
export class SecretMover implements GatewaySide<ServersReloadAnswer | 'not running'> {
  readonly #invocation: Invocation
  readonly #gateway: Gateway
  #decider: AdminClient | undefined
  readonly #set: string[] = []

  constructor(invocation: Invocation, gateway: Gateway) {
    this.#invocation = invocation
    this.#gateway = gateway
  }

  async setSecrets(values: ReadonlyMap<string, string>): Promise<void> {
    if (values.size === 0) return
    const client = await openAdminClient(this.#invocation, 'decide')
    this.#decider = client
    for (const [name, value] of values) {
      if (this.#gateway.stored.has(name)) {
        // Nothing uses it, or it would be left as it is: what an earlier run of this left behind.
        await client.post<SecretAnswer>(`/secrets/${encodeURIComponent(name)}/rotate`, { value })
      } else {
        await client.post<SecretAnswer>('/secrets', { name, value })
        this.#set.push(name)
      }
    }
  }

  async takeBackSecrets(): Promise<void> {
    for (const name of this.#set.splice(0)) {
      try {
        await this.#decider?.post(`/secrets/${encodeURIComponent(name)}/remove`, { force: true })
      } catch (thrown) {
        const { message } = asRemitError(thrown)
        this.#invocation.io.err(`remit: \`${name}\` stays in the store: ${plainLine(message)}\n`)
      }
    }
  }

  async reload(): Promise<ServersReloadAnswer | 'not running'> {
    const { reader } = this.#gateway
    return reader === undefined ? 'not running' : reader.post<ServersReloadAnswer>('/servers/reload', {})
  }
}
