import type { AdapterPayload, Provider } from 'oidc-provider'
import type { HumanId } from '../core/ids.ts'
import type { StoredOAuthEntry } from '../core/oauth-entry.ts'
import type { Actor, TaskRequest } from '../gate/administration.ts'
import type { DelegationRequest, DelegationRequests, DeviceCodes } from '../gate/delegation-requests.ts'
import { delegationClosed } from './delegation-closed.ts'
import { describeClient, shownWords } from './describe-client.ts'
import type { Entries } from './entries.ts'
import { payloadOf } from './provider-adapter.ts'
import { SCOPE } from './provider-settings.ts'
import { saveGrant } from './save-grant.ts'
import type { AuthorizationServerDeps } from './server-deps.ts'

/** One human who typed one code. */
interface Entered {
  readonly userCode: string
  readonly human: HumanId
}

interface OpenCode extends Entered {
  readonly entry: StoredOAuthEntry
  readonly payload: AdapterPayload
}

const CODES = 'DeviceCode'
const ENTERED = 'RemitDeviceRequest'
/** One for each code, used up by whoever answers first. */
const ANSWER = 'RemitDeviceAnswer'
const PREFIX = 'device-'
const HALF = 4

/** What terminals ask for with a code (RFC 8628), answered on the same page as what browsers bring. */
export class DeviceRequests implements DelegationRequests, DeviceCodes {
  readonly #deps: AuthorizationServerDeps
  readonly #provider: Provider
  readonly #entries: Entries

  constructor(deps: AuthorizationServerDeps, provider: Provider, entries: Entries) {
    this.#deps = deps
    this.#provider = provider
    this.#entries = entries
  }

  /** Whether an id is one of a device’s request. */
  has(id: string): boolean {
    return id.startsWith(PREFIX)
  }

  async enter(typed: string, human: HumanId): Promise<string | undefined> {
    const userCode = typed.toUpperCase().replaceAll(/[^A-Z]/g, '')
    const code = userCode.length === 2 * HALF ? await this.#code({ userCode, human }) : undefined
    if (code === undefined) return undefined
    const id = `${PREFIX}${Buffer.from(this.#deps.entropy.bytes(32)).toString('base64url')}`
    const lifetime = code.entry.expires - this.#deps.clock.now()
    await this.#entries.put({ model: ANSWER, id: userCode, value: {}, lifetime })
    await this.#entries.put({ model: ENTERED, id, value: { userCode, human } satisfies Entered, lifetime })
    return id
  }

  async find(id: string): Promise<DelegationRequest | undefined> {
    const code = await this.#find(id)
    return code === undefined ? undefined : this.#describe(id, code)
  }

  async approve(id: string, actor: Actor, request: Omit<TaskRequest, 'agent'>): Promise<string> {
    const code = await this.#find(id)
    if (code === undefined || code.human !== actor.human.id) throw delegationClosed()
    const { agent, clientId } = await this.#describe(id, code)
    const { tasks, audience, adminUrl, clock } = this.#deps
    const { task } = await tasks.create(actor, { ...request, agent })
    try {
      await this.#answerOnce(code)
      const resources = [audience, ...askedResources(code.payload)]
      const { id: grantId, human, expires } = task
      await saveGrant(this.#provider, { task: grantId, human, clientId, expires, resources })
      await this.#entries.rewrite(code.entry, {
        ...code.payload,
        accountId: human,
        grantId,
        authTime: Math.floor(clock.now() / 1000),
        claims: {},
        scope: SCOPE,
        resource: askedResources(code.payload),
      })
      return `${adminUrl}/device?answer=delegated`
    } catch (thrown) {
      await tasks.end(task.id, 'its delegation was not finished')
      throw thrown
    }
  }

  async refuse(id: string): Promise<string> {
    const code = await this.#find(id)
    if (code === undefined) throw delegationClosed()
    await this.#answerOnce(code)
    const refused = { error: 'access_denied', errorDescription: 'a human refused' }
    await this.#entries.rewrite(code.entry, { ...code.payload, ...refused })
    return `${this.#deps.adminUrl}/device?answer=refused`
  }

  async #answerOnce({ userCode }: OpenCode): Promise<void> {
    if (!(await this.#entries.consume(ANSWER, userCode))) throw delegationClosed()
  }

  async #find(id: string): Promise<OpenCode | undefined> {
    const entry = await this.#entries.get(ENTERED, id)
    return entry === undefined ? undefined : this.#code(JSON.parse(entry.body) as Entered)
  }

  /** A code that waits for its answer. */
  async #code(entered: Entered): Promise<OpenCode | undefined> {
    const entry = await this.#entries.find(CODES, 'userCode', entered.userCode)
    const payload = payloadOf(entry)
    if (entry === undefined || payload?.exp === undefined) return undefined
    const old = payload.exp * 1000 <= this.#deps.clock.now()
    const answered = payload.accountId !== undefined || payload['error'] !== undefined
    return old || answered ? undefined : { ...entered, entry, payload }
  }

  async #describe(id: string, { userCode, human, payload }: OpenCode): Promise<DelegationRequest> {
    const client = await this.#provider.Client.find(String(payload.clientId))
    if (client === undefined) throw delegationClosed()
    const { ip, ua } = (payload['deviceInfo'] ?? {}) as { readonly ip?: string; readonly ua?: string }
    const program = shownWords(ua)
    const device = {
      userCode: `${userCode.slice(0, HALF)}-${userCode.slice(HALF)}`,
      address: ip ?? 'unknown',
      ...(program === undefined ? {} : { program }),
      enteredBy: human,
    }
    return describeClient(id, client, { device })
  }
}

/** Endpoints of single servers that the client named; the library has checked them. */
function askedResources({ params }: AdapterPayload): readonly string[] {
  const { resource } = (params ?? {}) as { readonly resource?: unknown }
  return [resource].flat().filter((each) => typeof each === 'string')
}
