import type { Change, UnitOfWork } from '../../core/change.ts'
import { asRemitError, RemitError } from '../../core/errors.ts'
import type { HumanId } from '../../core/ids.ts'
import { digestOf, listEntries, putEntry, readEntry, spend } from '../entries.ts'
import type { LoginDeps } from '../login-deps.ts'
import { loginRecord } from '../login-records.ts'
import { NEVER } from '../passkey.ts'
import { admit, type Admission, nameOf } from './admit-person.ts'
import { endEstate } from './end-estate.ts'
import type { ProvedIdentity } from './prove-identity.ts'
import type { PersonBody } from './provisioned-people.ts'

/** Whose account of a provider it is. */
export interface IdentityBody {
  readonly human: string
  readonly issuer: string
  /** They were of the configuration when it was linked. */
  readonly adopted: boolean
}

/** An account, and who it is here. */
interface Account {
  readonly proved: ProvedIdentity
  /** Digest of issuer and subject. */
  readonly identity: string
  readonly human: string
  /** Whether it was that before. */
  readonly linked: boolean
}

/**
 * Who somebody is here: the account (issuer and subject) is linked with one person at its first login, and stays so
 * whatever its name or address becomes. Somebody of the configuration is linked only where the provider may adopt them,
 * and stays what the configuration says; anybody else is what their provider says, for as long as that counts.
 * @throws RemitError `login_refused`.
 */
export async function linkPerson(deps: LoginDeps, proved: ProvedIdentity): Promise<HumanId> {
  const identity = identityOf(proved)
  const link = await readEntry<IdentityBody>(deps, 'identity', identity)
  const admission = await admitted(deps, proved, link?.body.human)
  const human = link?.body.human ?? nameOf(proved)
  const account = { proved, identity, human, linked: link !== undefined }
  const configured = deps.configured.find(deps.tenant, human as HumanId) !== undefined
  if (configured) await adopt(deps, account)
  else await provision(deps, account, admission)
  return human as HumanId
}

function identityOf({ issuer, subject }: ProvedIdentity): string {
  return digestOf(`${issuer}\n${subject}`)
}

/** Whom their provider takes out of what lets them in is nobody here at once, in every task that runs. */
async function admitted(
  deps: LoginDeps,
  proved: ProvedIdentity,
  human: string | undefined,
): Promise<Admission> {
  try {
    return admit(proved)
  } catch (thrown) {
    const person = human === undefined ? undefined : await deps.people.read(human)
    if (person?.identity === identityOf(proved) && deps.clock.now() < person.until) {
      const { code } = asRemitError(thrown)
      const data = { provider: proved.provider.name, reason: code }
      await commit(deps, person.human, {
        records: [loginRecord(deps, 'person.ended', { human: person.human, data })],
        changes: [...deps.people.put({ ...person, until: deps.clock.now() }), advance(deps)],
      })
    }
    throw thrown
  }
}

async function adopt(deps: LoginDeps, account: Account): Promise<void> {
  const { proved, identity, human, linked } = account
  const { name: provider, label, adopt: may } = proved.provider
  if (!may) {
    throw new RemitError(
      'login_refused',
      `\`${human}\` is somebody of this gateway’s configuration, whom \`${label}\` may not log in (\`login.oidc.${provider}.adopt\`); use your passkey or code`,
    )
  }
  if (linked) return
  await commit(deps, human, {
    records: [loginRecord(deps, 'person.linked', { human, data: { provider, identity, adopted: true } })],
    changes: [...spend(deps, adoptionOf(proved.issuer, human), NEVER), link(deps, account, true)],
  })
}

async function provision(deps: LoginDeps, account: Account, { teams, roles }: Admission): Promise<void> {
  const { proved, identity, human } = account
  const { name: provider, lasts } = proved.provider
  const before = await deps.people.read(human)
  if (before !== undefined && before.identity !== identity) throw taken(human)
  const until = deps.clock.now() + lasts
  const body: PersonBody = { human, provider, issuer: proved.issuer, identity, teams, roles, until }
  const first = before === undefined ? await firstTime(deps, account) : { records: [], changes: [] }
  const data = { provider, teams, roles, until: new Date(until).toISOString() }
  await commit(deps, human, {
    records: [...first.records, loginRecord(deps, 'person.synced', { human, data })],
    changes: [
      ...first.changes,
      ...deps.people.put(body),
      // Calls that were being decided with what they were before are decided again.
      ...(isSame(deps, before, body) ? [] : [advance(deps)]),
    ],
  })
}

async function firstTime(deps: LoginDeps, account: Account): Promise<UnitOfWork> {
  const { proved, identity, human, linked } = account
  // Whoever had the name before could come in with these as whoever has it now.
  const passkeys = await listEntries(deps, 'passkey', human)
  if (!linked && passkeys.length > 0) throw taken(human)
  const { name: provider } = proved.provider
  const left = linked ? { records: [], changes: [] } : await endWhatIsLeft(deps, human as HumanId)
  return {
    records: [
      ...left.records,
      loginRecord(deps, 'person.linked', { human, data: { provider, identity, adopted: false } }),
    ],
    changes: [
      ...left.changes,
      ...spend(deps, personOf(human), NEVER),
      ...(linked ? [] : [link(deps, account, false)]),
    ],
  }
}

/** Of whoever had the name before, made after they were unlinked or by somebody who was of the configuration. */
async function endWhatIsLeft(deps: LoginDeps, human: HumanId): Promise<UnitOfWork> {
  await deps.connections.disconnectAll(human, human)
  return endEstate(deps, human, { by: human, reason: `another account has the name \`${human}\` now` })
}

async function commit(deps: LoginDeps, human: string, work: UnitOfWork): Promise<void> {
  if ((await deps.journal.commit(work)) === 'conflict') throw taken(human)
  await deps.people.catchUp()
}

function link(deps: LoginDeps, { identity, human, proved }: Account, adopted: boolean): Change {
  const body: IdentityBody = { human, issuer: proved.issuer, adopted }
  return putEntry(deps, 'identity', { id: identity, human, expires: NEVER, body })
}

function advance({ tenant }: LoginDeps): Change {
  return { kind: 'advance-standing', tenant }
}

/** What is spent with a link, so that of two accounts one gets the name. */
export function personOf(human: string): string {
  return `person\n${human}`
}

export function adoptionOf(issuer: string, human: string): string {
  return `adoption\n${issuer}\n${human}`
}

function isSame({ clock }: LoginDeps, before: PersonBody | undefined, after: PersonBody): boolean {
  if (before === undefined || clock.now() >= before.until) return false
  const parts = ({ teams, roles, provider }: PersonBody): string => JSON.stringify([teams, roles, provider])
  return parts(before) === parts(after)
}

function taken(human: string): RemitError {
  return new RemitError(
    'login_refused',
    `\`${human}\` is linked to another account; if that was yours too, whoever runs this gateway can unlink it at /login`,
  )
}
