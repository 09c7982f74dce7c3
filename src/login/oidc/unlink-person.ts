import type { Change } from '../../core/change.ts'
import { RemitError } from '../../core/errors.ts'
import type { HumanId } from '../../core/ids.ts'
import { digestOf, type EntryKind, listEntries, useUp } from '../entries.ts'
import type { LoginDeps } from '../login-deps.ts'
import { loginRecord } from '../login-records.ts'
import { voidRecoveries } from '../recovery.ts'
import { endEstate } from './end-estate.ts'
import { adoptionOf, type IdentityBody, personOf } from './link-person.ts'

/**
 * Takes every account of providers from somebody, so that another one can be linked with the name. Whoever had it must not come
 * in as whoever gets it: with the link go their sessions and, unless they are of the configuration, their passkeys and the links
 * with which they could enrol others. Nor may whoever gets it act with what they left: their tasks, their connections to
 * servers and who agrees for whom end too.
 * @throws RemitError `not_found`.
 */
export async function unlinkPerson(deps: LoginDeps, human: string, by: HumanId): Promise<void> {
  const identities = await listEntries<IdentityBody>(deps, 'identity', human)
  const person = await deps.people.read(human)
  if (identities.length === 0 && person === undefined) {
    throw new RemitError('not_found', `no account of a provider is linked with \`${human}\``)
  }
  const configured = deps.configured.find(deps.tenant, human as HumanId) !== undefined
  const sessions = await listEntries(deps, 'session', human)
  if (!configured) await voidRecoveries(deps, human as HumanId)
  const [passkeys, invitations] = configured
    ? [[], []]
    : [await idsOf(deps, 'passkey', human), await idsOf(deps, 'invitation', human)]
  // Before the link: where this fails, nothing is free to be taken.
  const { servers, told } = await deps.connections.disconnectAll(human as HumanId, by)
  const why = { by, reason: `\`${human}\` was unlinked from their account` }
  const estate = await endEstate(deps, human as HumanId, why)
  const { tasks } = estate
  const data = { identities: identities.map(({ id }) => id), passkeys, invitations, tasks, servers, by }
  const result = await deps.journal.commit({
    records: [loginRecord(deps, 'person.unlinked', { human, data }), ...estate.records],
    changes: [
      ...estate.changes,
      ...identities.flatMap(({ id, body }) => [
        remove(deps, 'identity', id),
        ...(body.adopted ? [remove(deps, 'spent', digestOf(adoptionOf(body.issuer, human)))] : []),
      ]),
      ...(person === undefined
        ? []
        : [remove(deps, 'spent', digestOf(personOf(human))), ...deps.people.remove(human)]),
      ...sessions.map(({ id }) => useUp(deps, 'session', id)),
      ...passkeys.map((id) => useUp(deps, 'passkey', id)),
      ...invitations.map((id) => useUp(deps, 'invitation', id)),
      { kind: 'advance-standing', tenant: deps.tenant },
    ],
  })
  if (result === 'conflict') {
    throw new RemitError('input_invalid', `\`${human}\` came or went meanwhile; try again`)
  }
  await deps.people.catchUp()
  await sweep(deps, human, configured ? ['session'] : ['session', 'passkey', 'invitation'])
  await sweepEstate(deps, human as HumanId, why)
  await told
}

async function idsOf(deps: LoginDeps, kind: EntryKind, human: string): Promise<readonly string[]> {
  return (await listEntries(deps, kind, human)).map(({ id }) => id)
}

/** What came while the rest was looked up. Whoever comes later finds them gone. */
async function sweep(deps: LoginDeps, human: string, kinds: readonly EntryKind[]): Promise<void> {
  for (const kind of kinds) {
    for (const id of await idsOf(deps, kind, human)) {
      await deps.journal.commit({ records: [], changes: [useUp(deps, kind, id)] })
    }
  }
}

/** What came meanwhile; what is out of all that ended is called back. */
async function sweepEstate(
  deps: LoginDeps,
  human: HumanId,
  why: { readonly by: HumanId; readonly reason: string },
): Promise<void> {
  const { told } = await deps.connections.disconnectAll(human, why.by)
  const { records, changes } = await endEstate(deps, human, why)
  if (records.length > 0) await deps.journal.commit({ records, changes })
  deps.people.tell()
  await told
}

function remove({ tenant }: LoginDeps, kind: 'identity' | 'spent', id: string): Change {
  return { kind: 'remove-oauth', tenant, model: `login.${kind}`, id }
}
