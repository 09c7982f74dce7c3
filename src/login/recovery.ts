import type { Change } from '../core/change.ts'
import { RemitError } from '../core/errors.ts'
import type { HumanId } from '../core/ids.ts'
import type { NewRecord } from '../core/record.ts'
import { digestOf, listEntries, putEntry, readEntry, useUp } from './entries.ts'
import type { InvitationBody } from './invitations.ts'
import type { LoginDeps } from './login-deps.ts'
import { loginRecord } from './login-records.ts'
import type { LoginSession } from './sessions.ts'

/** The last link with which somebody’s passkeys could be, or were, replaced: they are told at every login for a month. */
export interface Recovery {
  /** The admin who made the link. */
  readonly by: string
  /** Milliseconds since the epoch. */
  readonly made: number
  readonly state: 'open' | 'used' | 'void'
}

const TOLD = 30 * 86_400_000

/** What a link does besides letting somebody enrol. */
export interface Replacement {
  readonly records: readonly NewRecord[]
  readonly changes: readonly Change[]
}

/**
 * Whether this session may make a link that replaces the passkeys of somebody. Whoever uses the link is that human, so it takes
 * another human, who signed in with a passkey, and it is not for one alone to do where loosening takes two.
 * @throws RemitError `passkey_refused`.
 */
export function checkRecoverer(deps: LoginDeps, human: string, { human: by, method }: LoginSession): void {
  if (by.id === human) {
    throw new RemitError(
      'passkey_refused',
      'nobody replaces their own passkeys with a link; ask another admin',
    )
  }
  if (method !== 'passkey') {
    throw new RemitError('passkey_refused', 'log in with your passkey to replace those of somebody else')
  }
  if (deps.secondPerson) {
    throw new RemitError(
      'passkey_refused',
      'with `loosening: second-person` no admin alone gives somebody other passkeys; see docs/login.md, *When a passkey is lost*',
    )
  }
}

export function putRecovery(deps: LoginDeps, human: string, recovery: Recovery): Change {
  const id = idOf(human)
  return putEntry(deps, 'recovery', { id, human, expires: recovery.made + TOLD, body: recovery })
}

export async function recoveryOf(deps: LoginDeps, human: string): Promise<Recovery | undefined> {
  return (await readEntry<Recovery>(deps, 'recovery', idOf(human)))?.body
}

/** The old passkeys of a human go, and their sessions, with the link that `by` made. Their tasks go on. */
export async function replaceAll(deps: LoginDeps, human: string, by: string): Promise<Replacement> {
  const passkeys = await listEntries(deps, 'passkey', human)
  const sessions = await listEntries(deps, 'session', human)
  const told = await recoveryOf(deps, human)
  const made = told?.made ?? deps.clock.now()
  return {
    records: [
      ...passkeys.map(({ id }) =>
        loginRecord(deps, 'passkey.removed', { human, data: { passkey: id, recovery: by } }),
      ),
      ...sessions.map(({ id }) =>
        loginRecord(deps, 'login.ended', { human, data: { session: id, recovery: by } }),
      ),
    ],
    changes: [
      ...passkeys.map(({ id }) => useUp(deps, 'passkey', id)),
      ...sessions.map(({ id }) => useUp(deps, 'session', id)),
      putRecovery(deps, human, { by, made, state: 'used' }),
    ],
  }
}

/** Whoever comes in with a passkey has lost none: links that would replace it are void from then on. */
export async function voidRecoveries(deps: LoginDeps, human: HumanId): Promise<void> {
  const told = await recoveryOf(deps, human)
  if (told?.state !== 'open') return
  const invitations = await listEntries<InvitationBody>(deps, 'invitation', human)
  const open = invitations.filter(({ body }) => body.recovers === true)
  // A conflict means that the link was used in this moment, and then this session is over already.
  await deps.journal.commit({
    records: open.map(({ id }) => loginRecord(deps, 'login.uninvited', { human, data: { invitation: id } })),
    changes: [
      ...open.map(({ id }) => useUp(deps, 'invitation', id)),
      putRecovery(deps, human, { ...told, state: 'void' }),
    ],
  })
}

function idOf(human: string): string {
  return digestOf(`recovery\n${human}`)
}
