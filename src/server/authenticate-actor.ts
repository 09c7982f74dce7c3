import { createHmac, randomBytes } from 'node:crypto'
import type { Clock } from '../core/clock.ts'
import { RemitError } from '../core/errors.ts'
import type { TaskId } from '../core/ids.ts'
import type { Human } from '../core/identity.ts'
import type { Actor } from '../gate/administration.ts'
import { equalSecrets } from '../net/constant-time.ts'
import { type ApproverHashes, matchesApproverCode } from './approver-code.ts'
import { GuessLimit } from './guess-limit.ts'

export interface ActorCredentials {
  readonly localCredential: string
  readonly approvers: ApproverHashes
  /** Codes whose human is known already: good at once, and whatever others guess. */
  readonly known: readonly { readonly human: string; readonly code: string }[]
  /** The configured humans, live; the first at the start is the one whom the credential on disk stands for. */
  readonly humans: readonly Human[]
  readonly clock: Clock
}

/** Wrong codes in a minute before everybody has to wait. */
const GUESSES = { most: 5, window: 60_000 }
/** Three base64url parts: an agent's token, which has no say here. */
const TASK_TOKEN = /^[\w-]+\.[\w-]+\.[\w-]+$/
const LONGEST = 256

/** Knows who stands behind a credential of the admin plane. */
export class ActorAuthenticator {
  readonly #given: ActorCredentials
  /** Of the start: whoever becomes the first later does not inherit the credential on disk. */
  readonly #owner: string | undefined
  readonly #guesses: GuessLimit
  /** Keyed digests of codes that were right, so that each costs its scrypt once, to the human behind them. */
  readonly #proved = new Map<string, string>()
  readonly #proofKey = randomBytes(32)
  readonly #temporary: { readonly code: string; readonly actor: Actor }[] = []

  constructor(given: ActorCredentials) {
    this.#given = given
    this.#owner = given.humans[0]?.id
    this.#guesses = new GuessLimit(given.clock, GUESSES)
    for (const { human, code } of given.known) {
      this.#proved.set(this.#proof(code), human)
      this.#proved.set(this.#proof(`${human}:${code}`), human)
    }
  }

  /** Whether somebody has a code. */
  hasCode(human: string): boolean {
    return Object.hasOwn(this.#given.approvers, human)
  }

  /** Lets this code, for as long as the process lives, decide approvals of one task and nothing else. */
  addTemporary(code: string, human: Human, onlyTask: TaskId): void {
    this.#temporary.push({ code, actor: { human, credential: 'approver', onlyTask } })
  }

  /**
   * @param authorization the `Authorization` header.
   * @throws RemitError `credential_missing` | `credential_invalid` (with `data.retryAfter` in seconds after too
   * many wrong codes).
   */
  async authenticate(authorization: string | undefined): Promise<Actor> {
    const credential = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1]
    if (credential === undefined) {
      throw new RemitError(
        'credential_missing',
        'this needs a credential: send `Authorization: Bearer` with an approver code or the local credential',
      )
    }
    if (credential.length > LONGEST || TASK_TOKEN.test(credential)) {
      throw new RemitError(
        'credential_invalid',
        'this credential has no say on the admin plane; a task’s token is good on the agent plane only',
      )
    }
    if (equalSecrets(credential, this.#given.localCredential)) return this.#stored()
    const temporary = this.#temporary.find((entry) => equalSecrets(credential, entry.code))
    return temporary?.actor ?? this.#approver(credential)
  }

  #stored(): Actor {
    const human = this.#given.humans.find(({ id }) => id === this.#owner)
    if (human !== undefined) return { human, credential: 'stored' }
    throw new RemitError(
      'credential_invalid',
      `the credential on disk stands for \`${this.#owner ?? 'nobody'}\`, who is not in \`humans\` any more; restart the gateway to give it to the one who is the first now`,
    )
  }

  async #approver(credential: string): Promise<Actor> {
    const digest = this.#proof(credential)
    const proved = this.#proved.get(digest)
    // A code that was right stays right while others guess: guessing must not lock an approver out.
    if (proved !== undefined) return this.#actorOf(proved)
    const wait = this.#guesses.wait()
    if (wait > 0) throw tooManyGuesses(wait)
    let human: string | undefined
    await this.#guesses.count(async () => {
      human = await this.#match(credential)
      return human !== undefined
    })
    if (human === undefined) throw invalid()
    this.#proved.set(digest, human)
    return this.#actorOf(human)
  }

  #proof(credential: string): string {
    return createHmac('sha256', this.#proofKey).update(credential).digest('base64')
  }

  /** The human whose code it is. `human:code` asks for one only, so that many approvers cost one scrypt. */
  async #match(credential: string): Promise<string | undefined> {
    const colon = credential.indexOf(':')
    const named = colon < 0 ? undefined : credential.slice(0, colon)
    const code = credential.slice(colon + 1)
    let found: string | undefined
    for (const [human, kept] of Object.entries(this.#given.approvers)) {
      if (named !== undefined && named !== human) continue
      if (await matchesApproverCode(code, kept)) found ??= human
    }
    return found
  }

  #actorOf(id: string): Actor {
    const human = this.#given.humans.find((candidate) => candidate.id === id)
    // A human who was taken out of the configuration keeps a code, but no authority.
    if (human === undefined) throw invalid()
    return { human, credential: 'approver' }
  }
}

function invalid(): RemitError {
  return new RemitError(
    'credential_invalid',
    'this is not an approver code nor the local credential of this gateway',
  )
}

function tooManyGuesses(wait: number): RemitError {
  const seconds = Math.max(1, Math.ceil(wait / 1000))
  return new RemitError('credential_invalid', `too many wrong codes; try again in ${seconds} s`, {
    data: { retryAfter: seconds },
  })
}
