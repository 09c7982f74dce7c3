import type { Change } from '../core/change.ts'
import { RemitError } from '../core/errors.ts'
import type { HumanId } from '../core/ids.ts'
import type { Human } from '../core/identity.ts'
import { digestOf, type Entry, putEntry, readEntry, useUp } from './entries.ts'
import type { LoginDeps } from './login-deps.ts'
import { loginRecord } from './login-records.ts'
import type { Passkeys } from './passkeys.ts'

interface InvitationBody {
  /** Who made it: a human, or `start` for the link that the first start prints. */
  readonly by: string
}

/** Milliseconds: the link of a terminal is followed at once, that of a colleague the next day. */
const LIFE = { start: 600_000, human: 86_400_000 } as const

export interface OpenInvitation {
  /** Digest of its secret. */
  readonly id: string
  readonly human: Human
  readonly by: string
  readonly useUp: Change
}

/** Links that let one human enrol their first passkey, once. */
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
  async make(human: string, by?: HumanId): Promise<{ readonly link: string; readonly expires: number }> {
    await this.#newcomer(human)
    const { clock, entropy, adminUrl, journal } = this.#deps
    const secret = Buffer.from(entropy.bytes(32)).toString('base64url')
    const id = digestOf(secret)
    const expires = clock.now() + (by === undefined ? LIFE.start : LIFE.human)
    const body: InvitationBody = { by: by ?? 'start' }
    await journal.commit({
      records: [
        loginRecord(this.#deps, 'login.invited', {
          human: by ?? 'start',
          data: { invitation: id, invited: human },
        }),
      ],
      changes: [putEntry(this.#deps, 'invitation', { id, human, expires, body })],
    })
    return { link: `${adminUrl}/enrol#${secret}`, expires }
  }

  /** @throws RemitError `invitation_closed` when it never was, was used or is too old. */
  async open(secret: string): Promise<OpenInvitation> {
    const id = digestOf(secret)
    const found = await readEntry<InvitationBody>(this.#deps, 'invitation', id)
    if (found === undefined) throw closed()
    const human = await this.#newcomer(humanOf(found))
    return { id, human, by: found.body.by, useUp: useUp(this.#deps, 'invitation', id) }
  }

  async #newcomer(id: string): Promise<Human> {
    const human = this.#deps.humans.find(this.#deps.tenant, id as HumanId)
    if (human === undefined) throw new RemitError('input_invalid', `\`${id}\` is nobody of this gateway`)
    // Else whoever invites could become anybody at any time.
    if ((await this.#passkeys.list(id)).length > 0) {
      throw new RemitError('passkey_refused', `\`${id}\` has a passkey already, and enrols others with it`)
    }
    return human
  }
}

function humanOf({ human = '' }: Entry<InvitationBody>): string {
  return human
}

function closed(): RemitError {
  return new RemitError('invitation_closed', 'this link was used already or is too old; ask for another')
}
