import type { Change } from '../../core/change.ts'
import type { HumanId, TenantId } from '../../core/ids.ts'
import type { Human } from '../../core/identity.ts'
import type { HumanDirectory } from '../../identity/human-directory.ts'
import { digestOf, listEntries, putEntry, readEntry } from '../entries.ts'
import type { LoginDeps } from '../login-deps.ts'
import { NEVER } from '../passkey.ts'
import { isIssuer } from './is-issuer.ts'

/** What is kept of somebody who is known because a provider said so. */
export interface PersonBody {
  readonly human: string
  /** Name of the provider, its issuer, and the digest of issuer and subject. */
  readonly provider: string
  readonly issuer: string
  readonly identity: string
  readonly teams: readonly string[]
  readonly roles: readonly string[]
  /** Milliseconds since the epoch: from then on they are nobody here. */
  readonly until: number
}

interface Known {
  readonly body: PersonBody
  readonly human: Human
}

type Place = Pick<LoginDeps, 'tenant' | 'store' | 'clock' | 'entropy'>

/** Everybody is listed under one name. */
const ALL = '*'
const MARK = 'mark'

/**
 * People whom providers have vouched for, as the store has them: read again when authority changed since, so that no
 * replica decides with what another one has taken back. Each counts until their provider would have to say it again.
 */
export class ProvisionedPeople implements HumanDirectory {
  readonly #place: Place
  /** Issuers by the names of the providers that are configured: whom no other vouches for is nobody. */
  readonly #issuers: ReadonlyMap<string, string>
  readonly #listeners: (() => void)[] = []
  #known: ReadonlyMap<string, Known> = new Map()
  #mark: string | undefined
  #revision = -1
  #last: Promise<unknown> = Promise.resolve()

  constructor(place: Place, issuers: ReadonlyMap<string, string>) {
    this.#place = place
    this.#issuers = issuers
  }

  find(tenant: TenantId, id: HumanId): Human | undefined {
    const known = tenant === this.#place.tenant ? this.#known.get(id) : undefined
    return known !== undefined && this.#counts(known) ? known.human : undefined
  }

  list(tenant: TenantId): readonly Human[] {
    if (tenant !== this.#place.tenant) return []
    return [...this.#known.values()].filter((known) => this.#counts(known)).map(({ human }) => human)
  }

  enrolled(tenant: TenantId): readonly HumanId[] {
    if (tenant !== this.#place.tenant) return []
    const known = [...this.#known.values()].filter(({ body }) => this.#isConfigured(body))
    return known.map(({ human }) => human.id)
  }

  catchUp(revision?: number): Promise<void> | undefined {
    if (this.#issuers.size === 0) return undefined
    if (revision !== undefined && revision <= this.#revision) return undefined
    const next = this.#last.then(() => this.#load(revision ?? -1))
    this.#last = next.catch(() => {})
    return next
  }

  /** Told when others are known, or as something else. */
  onChange(listener: () => void): void {
    this.#listeners.push(listener)
  }

  /** Something of somebody ended, who may be known as before: what is out for them is looked at again. */
  tell(): void {
    for (const listener of this.#listeners) listener()
  }

  /** Whoever has the name, also when they do not count any more. */
  async read(human: string): Promise<PersonBody | undefined> {
    return (await readEntry<PersonBody>(this.#place, 'person', digestOf(human)))?.body
  }

  /** Everybody who was ever vouched for. */
  async all(): Promise<readonly PersonBody[]> {
    return (await listEntries<PersonBody>(this.#place, 'person', ALL)).map(({ body }) => body)
  }

  /** Changes that make somebody known as this, on every replica. */
  put(body: PersonBody): readonly Change[] {
    return [
      putEntry(this.#place, 'person', { id: digestOf(body.human), human: ALL, expires: NEVER, body }),
      this.#marked(),
    ]
  }

  /** Changes that make nobody of them. */
  remove(human: string): readonly Change[] {
    const { tenant } = this.#place
    const id = digestOf(human)
    return [{ kind: 'remove-oauth', tenant, model: 'login.person', id }, this.#marked()]
  }

  #marked(): Change {
    const body = Buffer.from(this.#place.entropy.bytes(16)).toString('base64url')
    return putEntry(this.#place, 'people', { id: MARK, expires: NEVER, body })
  }

  #counts({ body }: Known): boolean {
    return this.#isConfigured(body) && this.#place.clock.now() < body.until
  }

  #isConfigured({ provider, issuer }: PersonBody): boolean {
    const configured = this.#issuers.get(provider)
    return configured !== undefined && isIssuer(configured, issuer)
  }

  async #load(revision: number): Promise<void> {
    const { tenant } = this.#place
    // Before the list: what is listed is then at least as new as the mark says.
    const mark = (await readEntry<string>(this.#place, 'people', MARK))?.body
    if (mark !== this.#mark) {
      const people = await this.all()
      this.#known = new Map(
        people.map((body) => {
          const { human: id, teams, roles } = body
          return [id, { body, human: { tenant, id: id as HumanId, teams, roles } }]
        }),
      )
      this.#mark = mark
      this.tell()
    }
    this.#revision = Math.max(this.#revision, revision)
  }
}
