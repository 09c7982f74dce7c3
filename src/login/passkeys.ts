import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/server'
import type { Assertion } from '../core/assertion.ts'
import type { Change } from '../core/change.ts'
import { RemitError } from '../core/errors.ts'
import type { HumanId } from '../core/ids.ts'
import type { Human } from '../core/identity.ts'
import type { Json } from '../core/json.ts'
import { makeChallenge } from './challenge.ts'
import { digestOf, listEntries, putEntry, readEntry, useUp } from './entries.ts'
import type { LoginDeps } from './login-deps.ts'
import { loginRecord } from './login-records.ts'
import { bodyOf, NEVER, type Passkey, type PasskeyBody, passkeyOf } from './passkey.ts'
import type { Replacement } from './recovery.ts'
import { hasRelyingParty, relyingParty } from './relying-party.ts'
import { readAssertion, verifyAssertion } from './verify-assertion.ts'
import { verifyEnrolment } from './verify-enrolment.ts'

const NOT_HERE =
  'this passkey is not enrolled here, or was removed or replaced; if you did neither, ask whoever runs this gateway'

/** Passkeys of one human. */
const MOST = 20

/** The passkeys of people: enrolled, used, renamed, removed. */
export class Passkeys {
  readonly #deps: LoginDeps

  constructor(deps: LoginDeps) {
    this.#deps = deps
  }

  /** False = browsers know no passkeys for the host of the admin plane. */
  get possible(): boolean {
    return hasRelyingParty(this.#deps.adminUrl)
  }

  async list(human: string): Promise<readonly Passkey[]> {
    return (await listEntries<PasskeyBody>(this.#deps, 'passkey', human)).map(passkeyOf)
  }

  /**
   * @param subject what the enrolment belongs to: a session or an invitation.
   * @param instead true = of those that they have none stays, so that the same authenticator can make another.
   */
  async enrolOptions(
    human: Human,
    subject: string,
    instead = false,
  ): Promise<PublicKeyCredentialCreationOptionsJSON> {
    const { generateRegistrationOptions } = await import('@simplewebauthn/server')
    const known = instead ? [] : await this.list(human.id)
    if (known.length >= MOST) {
      throw new RemitError('passkey_refused', `nobody has more than ${MOST} passkeys; remove one first`)
    }
    const challenge = makeChallenge(this.#deps, { purpose: 'enrol', subject })
    return generateRegistrationOptions({
      rpName: 'Remit',
      rpID: relyingParty(this.#deps.adminUrl).id,
      userName: human.id,
      userDisplayName: human.id,
      userID: new Uint8Array(Buffer.from(digestOf(`${human.tenant}\n${human.id}`), 'base64url')),
      challenge: new Uint8Array(Buffer.from(challenge, 'base64url')),
      attestationType: 'none',
      excludeCredentials: known.map(({ credential }) => ({ id: credential })),
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      supportedAlgorithmIDs: [-8, -7, -257],
    })
  }

  /**
   * @param also what must hold too, such as that the invitation is used up.
   * @throws RemitError `passkey_refused`; `invitation_closed` when `also` conflicts.
   */
  async enrol(
    human: Human,
    given: {
      readonly subject: string
      readonly response: Json | undefined
      readonly name: string
      readonly by: string
    },
    also: Replacement = { records: [], changes: [] },
  ): Promise<Passkey> {
    const { entry, spent } = await verifyEnrolment(this.#deps, given)
    const id = digestOf(entry.credential)
    if ((await this.#deps.store.get(this.#deps.tenant, 'login.passkey', id)) !== undefined) {
      throw new RemitError('passkey_refused', 'this passkey was enrolled before; make another one')
    }
    const { publicKey, name, backedUp } = entry
    const result = await this.#deps.journal.commit({
      records: [
        loginRecord(this.#deps, 'passkey.added', {
          human: human.id,
          data: { passkey: id, publicKey, backedUp, by: given.by },
          comment: name,
        }),
        ...also.records,
      ],
      changes: [
        ...spent,
        ...also.changes,
        putEntry(this.#deps, 'passkey', { id, human: human.id, expires: NEVER, body: entry }),
      ],
    })
    if (result === 'conflict')
      throw new RemitError('invitation_closed', 'this was used before; ask for another')
    return { ...entry, id, human: human.id, created: this.#deps.clock.now() }
  }

  /** For whoever holds a passkey for this host: the answer says who they are. */
  async loginOptions(): Promise<PublicKeyCredentialRequestOptionsJSON> {
    return this.#requestOptions({ purpose: 'login', subject: '' }, [])
  }

  /** @returns who they are. @throws RemitError `passkey_refused`. */
  async login(response: Json | undefined): Promise<Human> {
    return (await this.#use(response, { purpose: 'login', subject: '' })).human
  }

  /** @param digest of what is to be agreed to. @throws RemitError `passkey_unknown` for a human without any. */
  async stepUpOptions(human: HumanId, digest: string): Promise<PublicKeyCredentialRequestOptionsJSON> {
    const known = await this.list(human)
    if (known.length === 0) {
      throw new RemitError('passkey_unknown', 'this needs a passkey, and you have none; enrol one at /login')
    }
    return this.#requestOptions({ purpose: 'step-up', subject: digest }, known)
  }

  /** @returns what this human's passkey signed under this very thing. @throws RemitError `passkey_refused`. */
  async stepUp(human: HumanId, digest: string, response: Json | undefined): Promise<Assertion> {
    const used = await this.#use(response, { purpose: 'step-up', subject: digest })
    if (used.human.id !== human) {
      throw new RemitError('passkey_refused', 'this passkey is of somebody else than who is logged in')
    }
    const { id: rpId, origin } = relyingParty(this.#deps.adminUrl)
    const { authenticatorData, clientDataJSON, signature } = used.answer.response
    const { credential, publicKey } = used.passkey
    return { credential, publicKey, authenticatorData, clientDataJSON, signature, digest, rpId, origin }
  }

  /** @throws RemitError `passkey_unknown`. */
  async rename(human: HumanId, id: string, name: string): Promise<void> {
    const passkey = await this.#own(human, id)
    const body = { ...bodyOf(passkey), name }
    await this.#deps.journal.commit({
      records: [loginRecord(this.#deps, 'passkey.renamed', { human, data: { passkey: id }, comment: name })],
      changes: [this.#put(passkey, body)],
    })
  }

  /**
   * For good. Where passkeys are demanded one stays: without any, an approver code alone could enrol the next.
   * @throws RemitError `passkey_unknown`; `passkey_refused` for the last one.
   */
  async remove(human: HumanId, id: string): Promise<void> {
    await this.#own(human, id)
    if (this.#deps.require === 'passkey' && (await this.list(human)).length === 1) {
      throw new RemitError(
        'passkey_refused',
        'this gateway demands passkeys, and this is your last one; add another first',
      )
    }
    const result = await this.#deps.journal.commit({
      records: [loginRecord(this.#deps, 'passkey.removed', { human, data: { passkey: id } })],
      changes: [useUp(this.#deps, 'passkey', id)],
    })
    if (result === 'conflict') throw unknown()
  }

  async #own(human: HumanId, id: string): Promise<Passkey> {
    const found = await readEntry<PasskeyBody>(this.#deps, 'passkey', id)
    if (found?.human !== human) throw unknown()
    return passkeyOf(found)
  }

  async #requestOptions(
    asked: Parameters<typeof makeChallenge>[1],
    known: readonly Passkey[],
  ): Promise<PublicKeyCredentialRequestOptionsJSON> {
    const { generateAuthenticationOptions } = await import('@simplewebauthn/server')
    return generateAuthenticationOptions({
      rpID: relyingParty(this.#deps.adminUrl).id,
      challenge: new Uint8Array(Buffer.from(makeChallenge(this.#deps, asked), 'base64url')),
      userVerification: 'required',
      allowCredentials: known.map(({ credential, transports }) => ({
        id: credential,
        transports: [...transports] as never,
      })),
    })
  }

  async #use(
    response: Json | undefined,
    asked: Parameters<typeof makeChallenge>[1],
  ): Promise<{ human: Human; passkey: Passkey; answer: AuthenticationResponseJSON }> {
    const answer = readAssertion(response)
    const found = await readEntry<PasskeyBody>(this.#deps, 'passkey', digestOf(answer.id))
    const passkey = found === undefined ? undefined : passkeyOf(found)
    if (passkey === undefined) throw new RemitError('passkey_refused', NOT_HERE)
    await this.#deps.humans.catchUp?.()
    const human = this.#deps.humans.find(this.#deps.tenant, passkey.human as HumanId)
    if (human === undefined) {
      throw new RemitError(
        'passkey_refused',
        'whose passkey this is, is not known here now; who came with a provider logs in with it once more',
      )
    }
    const { counter, spent } = await verifyAssertion(this.#deps, { answer, passkey, asked })
    const body = { ...bodyOf(passkey), counter, used: this.#deps.clock.now() }
    const changes = [...spent, this.#put(passkey, body)]
    if ((await this.#deps.journal.commit({ records: [], changes })) === 'conflict') {
      throw new RemitError('passkey_refused', 'this answer was used before; try again')
    }
    return { human, passkey, answer }
  }

  #put({ id, human, created }: Passkey, body: PasskeyBody): Change {
    return putEntry(this.#deps, 'passkey', { id, human, at: created, expires: NEVER, body })
  }
}

function unknown(): RemitError {
  return new RemitError('passkey_unknown', 'you have no such passkey')
}
