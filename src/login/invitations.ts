import type { Change } from '../core/change.ts'
import { RemitError } from '../core/errors.ts'
import type { HumanId } from '../core/ids.ts'
import type { Human } from '../core/identity.ts'
import { isAdmin } from '../core/roles.ts'
import { digestOf, type Entry, putEntry, readEntry, useUp } from './entries.ts'
import type { LoginDeps } from './login-deps.ts'
import { loginRecord } from './login-records.ts'
import type { Passkeys } from './passkeys.ts'
import { checkRecoverer, putRecovery } from './recovery.ts'
import type { LoginSession } from './sessions.ts'

export interface InvitationBody {
  /** Who made it: a human, or `start` for the link that the first start prints. */
  readonly by: string
  /** True = it replaces the passkeys that its human has. */
  readonly recovers?: true
}

/** Milliseconds: the link of a terminal is followed at once, that of a colleague the next day. */
const LIFE = { start: 600_000, human: 86_400_000 } as const

export interface OpenInvitation {
  /** Digest of its secret. */
  readonly id: string
  readonly human: Human
  readonly by: string
  readonly recovers: boolean
  readonly useUp: Change
}

/** Links that let one human enrol their first passkey, once, or one instead of those that they lost. */
export class Invitations {
  readonly #deps: LoginDeps
  readonly #passkeys: Passkeys

  constructor(deps: LoginDeps, passkeys: Passkeys) {
    this.#deps = deps
    this.#passkeys = passkeys
  }

  /**
   * @param by the human who invites; undefined = the gateway itself, at its first start.
   * @returns the link. Its secret is behind `#`, which no browser sends, and is kept nowhere.
   * @throws RemitError `input_invalid` for nobody of this gateway, `passkey_refused` for who has a passkey.
   */
  async make(human: string, by?: HumanId): Promise<MadeInvitation> {
    await this.#newcomer(human)
    return this.#put(human, { by: by ?? 'start' })
  }

  /**
   * For who lost their passkeys: those that they have stay until the link is used. Who has none gets a link as anybody.
   * @throws RemitError `input_invalid`, `passkey_refused`.
   */
  async makeRecovery(human: string, session: LoginSession): Promise<MadeInvitation> {
    const by = session.human.id
    if ((await this.#passkeys.list(human)).length === 0) return this.make(human, by)
    this.#known(human)
    checkRecoverer(this.#deps, human, session)
    return this.#put(human, { by, recovers: true })
  }

  async #put(human: string, body: InvitationBody): Promise<MadeInvitation> {
    const { clock, entropy, adminUrl, journal } = this.#deps
    const secret = Buffer.from(entropy.bytes(32)).toString('base64url')
    const id = digestOf(secret)
    const expires = clock.now() + (body.by === 'start' ? LIFE.start : LIFE.human)
    const recovers = body.recovers === true
    await journal.commit({
      records: [
        loginRecord(this.#deps, 'login.invited', {
          human: body.by,
          data: { invitation: id, invited: human, recovers },
        }),
      ],
      changes: [
        putEntry(this.#deps, 'invitation', { id, human, expires, body }),
        ...(recovers
          ? [putRecovery(this.#deps, human, { by: body.by, made: clock.now(), state: 'open' })]
          : []),
      ],
    })
    return { link: `${adminUrl}/enrol#${secret}`, expires }
  }

  /** @throws RemitError `invitation_closed` when it never was, was used or is too old. */
  async open(secret: string): Promise<OpenInvitation> {
    const id = digestOf(secret)
    const found = await readEntry<InvitationBody>(this.#deps, 'invitation', id)
    if (found === undefined) throw closed()
    const { by, recovers = false } = found.body
    const human = recovers ? this.#known(humanOf(found)) : await this.#newcomer(humanOf(found))
    if (recovers && !this.#stillAdmin(by)) throw closed()
    return { id, human, by, recovers, useUp: useUp(this.#deps, 'invitation', id) }
  }

  async #newcomer(id: string): Promise<Human> {
    const human = this.#known(id)
    // Else whoever invites could become anybody at any time.
    if ((await this.#passkeys.list(id)).length > 0) {
      throw new RemitError('passkey_refused', `\`${id}\` has a passkey already, and enrols others with it`)
    }
    return human
  }

  #known(id: string): Human {
    const human = this.#deps.humans.find(this.#deps.tenant, id as HumanId)
    if (human === undefined) throw new RemitError('input_invalid', `\`${id}\` is nobody of this gateway`)
    return human
  }

  #stillAdmin(id: string): boolean {
    const human = this.#deps.humans.find(this.#deps.tenant, id as HumanId)
    return human !== undefined && isAdmin(human)
  }
}

export interface MadeInvitation {
  readonly link: string
  /** Milliseconds since the epoch. */
  readonly expires: number
}

function humanOf({ human = '' }: Entry<InvitationBody>): string {
  return human
}

function closed(): RemitError {
  return new RemitError('invitation_closed', 'this link was used already or is too old; ask for another')
}
