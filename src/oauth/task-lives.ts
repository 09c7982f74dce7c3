import { errors } from 'oidc-provider'
import { asRemitError } from '../core/errors.ts'
import { heldCertificate } from '../core/holder.ts'
import type { TaskId } from '../core/ids.ts'
import type { TaskChain } from '../core/identity.ts'
import type { AuthorizationServerDeps } from './server-deps.ts'

/** How long the tasks behind grants still live, as they were last looked at: the library asks without waiting. */
export class TaskLives {
  readonly #deps: AuthorizationServerDeps
  readonly #expires = new Map<string, number>()

  constructor(deps: AuthorizationServerDeps) {
    this.#deps = deps
  }

  /** The chain of an active task; undefined = nothing of it is good any more. */
  async standing(id: string | undefined): Promise<TaskChain | undefined> {
    if (id === undefined) return undefined
    try {
      const chain = await this.#deps.tasks.standing(id as TaskId)
      this.#expires.delete(id)
      this.#expires.set(id, Math.min(...[chain.task, ...chain.ancestors].map(({ expires }) => expires)))
      const [oldest] = this.#expires.keys()
      if (this.#expires.size > 10_000 && oldest !== undefined) this.#expires.delete(oldest)
      return chain
    } catch (thrown) {
      if (asRemitError(thrown).status >= 500) throw thrown
      return undefined
    }
  }

  /**
   * The chain as the holder of the key or certificate that was shown has it; a task that is held gives nothing to anybody else.
   * @throws InvalidGrant
   */
  async held(chain: TaskChain, shown: string | undefined): Promise<TaskChain> {
    const { holder } = chain.task
    if (shown === undefined && holder === undefined) return chain
    if (shown === undefined) throw new errors.InvalidGrant(howToShow(holder ?? ''))
    try {
      return await this.#deps.tasks.hold(chain, shown)
    } catch (thrown) {
      const error = asRemitError(thrown)
      if (error.status >= 500) throw thrown
      throw new errors.InvalidGrant(error.message)
    }
  }

  /** Seconds, at least one. */
  left(id: string | undefined): number {
    const expires = id === undefined ? undefined : this.#expires.get(id)
    return Math.max(1, Math.floor(((expires ?? 0) - this.#deps.clock.now()) / 1000))
  }
}

function howToShow(holder: string): string {
  return heldCertificate(holder) === undefined
    ? 'the task is held by a key: send a `DPoP` proof of it'
    : 'the task is held by a certificate: it goes to clients that are registered with `tls_client_certificate_bound_access_tokens` and show it'
}
