import { beforeEach, describe, expect, test } from 'vitest'
import type { Change } from '../../core/change.ts'
import { DEFAULT_TENANT, type HumanId, type TaskId } from '../../core/ids.ts'
import type { Task } from '../../core/identity.ts'
import { HumanTokens } from '../../credentials/oauth/human-tokens.ts'
import { writeEntry } from '../../credentials/oauth/token-entry.ts'
import { masterKey } from '../../credentials/seal-secret.ts'
import { SecretVault } from '../../credentials/secret-vault.ts'
import { KnownCovers, putCover } from '../../gate/covers/known-covers.ts'
import { directoryOf } from '../../identity/human-directory.ts'
import { SYSTEM_ENTROPY } from '../../server/system-clock.ts'
import { createMemoryStore } from '../../store/memory/memory-store.ts'
import type { Store } from '../../store/store.ts'
import type { LoginDeps } from '../login-deps.ts'
import type { IdentityProvider } from './identity-provider.ts'
import { linkPerson } from './link-person.ts'
import type { ProvedIdentity } from './prove-identity.ts'
import { ProvisionedPeople } from './provisioned-people.ts'
import { unlinkPerson } from './unlink-person.ts'

const LASTS = 3_600_000
const ISSUER = 'https://corp.example'
const ADMIN = 'http://localhost:1'
const ADA = 'ada@acme.example' as HumanId

const corp: IdentityProvider = {
  name: 'corp',
  label: 'Acme SSO',
  issuer: ISSUER,
  clientId: 'remit',
  clientSecret: () => 'a secret of the client',
  scopes: ['openid', 'email'],
  idClaim: 'email',
  groupsClaim: 'groups',
  teams: new Map(),
  roles: new Map(),
  defaultRoles: ['member'],
  lasts: LASTS,
  adopt: false,
  guard: {},
}

let store: Store
let vault: SecretVault
let now: number

beforeEach(async () => {
  store = createMemoryStore()
  now = Date.UTC(2026, 10, 27)
  vault = await SecretVault.open({
    tenant: DEFAULT_TENANT,
    store: store.secrets,
    keys: [masterKey(Buffer.alloc(32))],
    now: () => now,
    commit: (changes) => store.journal.commit({ records: [], changes }),
    learned: () => {},
  })
})

function loginDeps(configured = directoryOf([])): LoginDeps {
  const clock = { now: () => now, micros: () => now * 1_000 }
  const place = { tenant: DEFAULT_TENANT, store: store.logins, clock, entropy: SYSTEM_ENTROPY }
  return {
    ...place,
    protection: 'advisory',
    journal: store.journal,
    humans: configured,
    configured,
    people: new ProvisionedPeople(place, new Map([['corp', ISSUER]])),
    tasks: store.tasks,
    connections: new HumanTokens({
      vault,
      serverOf: () => undefined,
      adminUrl: ADMIN,
      now: clock.now,
      sleep: () => Promise.resolve(),
    }),
    identityProviders: new Map([['corp', corp]]),
    sealing: vault,
    hasCode: () => false,
    key: new Uint8Array(32),
    adminUrl: ADMIN,
    limits: { idle: LASTS, absolute: LASTS, fresh: LASTS },
    require: 'any',
    secondPerson: false,
  }
}

function ada(): ProvedIdentity {
  return { provider: corp, issuer: ISSUER, subject: 'sub-ada', claims: { email: ADA, email_verified: true } }
}

function task(id: string, more: Partial<Task> = {}): Task {
  return {
    tenant: DEFAULT_TENANT,
    id: id as TaskId,
    human: ADA,
    agent: { id: 'claude-code', kind: 'claude-code' },
    workflow: 'fix-tests',
    intent: 'make the login tests pass again',
    scope: {},
    environment: 'laptop',
    environmentProved: false,
    budget: {},
    origin: 'human-session',
    created: now,
    expires: now + LASTS,
    ...more,
  }
}

describe('R-ID-6: whoever gets the name next inherits', () => {
  const BOB = 'bob' as HumanId
  const [held, others] = [`oauth:notes:${ADA}`, 'oauth:notes:bob']

  /** A task, one below it, a connection and a deputy; and of Bob, who is somebody else. */
  async function leave(): Promise<void> {
    const tasks = [
      task('tsk_1'),
      task('tsk_2', { parent: 'tsk_1' as TaskId }),
      task('tsk_bob', { human: BOB }),
    ]
    const cover = { tenant: DEFAULT_TENANT, since: now, until: now + LASTS, away: false }
    const covers = [
      { ...cover, human: BOB, deputy: ADA },
      { ...cover, human: ADA, deputy: BOB },
      { ...cover, human: 'carl' as HumanId, deputy: BOB },
    ]
    const changes = [
      ...tasks.map((each): Change => ({ kind: 'insert-task', task: each })),
      ...covers.flatMap(putCover),
    ]
    expect(await store.journal.commit({ records: [], changes })).toBe('committed')
    const entry = { url: 'https://notes.example/mcp', resource: 'https://notes.example/mcp' }
    const client = { issuer: { issuer: 'https://notes.example' }, client: { client_id: 'remit' } }
    const value = writeEntry({ ...entry, ...client, access: 'a token of somebody' })
    for (const name of [held, others]) {
      await vault.replace(name, value, 0, { kind: 'credential.connected', by: ADA })
    }
  }

  async function expectNothingLeft(by: string): Promise<void> {
    expect((await store.tasks.get(DEFAULT_TENANT, 'tsk_1' as TaskId))?.revoked).toMatchObject({ by })
    expect((await store.tasks.get(DEFAULT_TENANT, 'tsk_bob' as TaskId))?.revoked).toBeUndefined()
    await vault.refresh()
    expect([vault.has(held), vault.has(others)]).toEqual([false, true])
    const clock = { now: () => now, micros: () => 0 }
    const covers = new KnownCovers({ tenant: DEFAULT_TENANT, store: store.logins, clock })
    await covers.catchUp()
    expect(covers.list().map(({ human }) => human)).toEqual(['carl'])
    const kinds = await Promise.all(
      (['task.revoked', 'cover.ended'] as const).map((kind) =>
        store.records.query({ tenant: DEFAULT_TENANT, kind }),
      ),
    )
    expect(kinds.map((records) => records.map(({ envelope }) => envelope.actor))).toEqual([[by], [by, by]])
  }

  test('no task, connection or deputy of somebody who was unlinked, all of it on record', async () => {
    const deps = loginDeps()
    await linkPerson(deps, ada())
    await leave()
    await unlinkPerson(deps, ADA, 'mona' as HumanId)
    await expectNothingLeft('mona')
    const [record] = await store.records.query({ tenant: DEFAULT_TENANT, kind: 'person.unlinked' })
    expect(record?.envelope.data).toMatchObject({ tasks: ['tsk_1'], servers: ['notes'] })
  })

  test('nor what came after that, or is of somebody who left the configuration', async () => {
    const deps = loginDeps()
    await leave()
    await linkPerson(deps, ada())
    expect(await deps.people.read(ADA)).toMatchObject({ human: ADA })
    await expectNothingLeft(ADA)
  })

  test('nor what came while they were unlinked', async () => {
    const deps = loginDeps()
    await linkPerson(deps, ada())
    let came = false
    const commit: LoginDeps['journal']['commit'] = async (work) => {
      if (!came) {
        came = true
        await leave()
      }
      return store.journal.commit(work)
    }
    await unlinkPerson({ ...deps, journal: { commit } }, ADA, 'mona' as HumanId)
    expect(came).toBe(true)
    await expectNothingLeft('mona')
  })

  test('nor of somebody of the configuration who was adopted; what is out is looked at again', async () => {
    const deps = loginDeps(directoryOf([{ tenant: DEFAULT_TENANT, id: ADA, teams: [], roles: [] }]))
    await linkPerson(deps, { ...ada(), provider: { ...corp, adopt: true } })
    await leave()
    const revoked: unknown[] = []
    deps.people.onChange(() => {
      void Promise.resolve(store.tasks.get(DEFAULT_TENANT, 'tsk_1' as TaskId)).then((found) =>
        revoked.push(found?.revoked?.by),
      )
    })
    await unlinkPerson(deps, ADA, 'mona' as HumanId)
    expect(revoked).toEqual(['mona'])
    await expectNothingLeft('mona')
  })

  test('while whoever logs in again with the same account goes on with theirs', async () => {
    const deps = loginDeps()
    await linkPerson(deps, ada())
    await leave()
    now += LASTS / 2
    await linkPerson(deps, ada())
    expect((await store.tasks.get(DEFAULT_TENANT, 'tsk_1' as TaskId))?.revoked).toBeUndefined()
    expect(vault.has(held)).toBe(true)
  })
})
