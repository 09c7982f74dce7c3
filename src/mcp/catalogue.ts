import { RemitError, asRemitError } from '../core/errors.ts'
import type { ServerKey } from '../core/ids.ts'
import { isJsonObject, type JsonObject } from '../core/json.ts'
import { sessionCapabilities } from './client-capabilities.ts'
import { listedServer } from './describe-server.ts'
import { describeList, type KnownTools } from './describe-list.ts'
import { listedDefinition, type CatalogueTool } from './describe-tool.ts'
import type { DoorDeps, DoorLimits } from './door-deps.ts'
import { JoinedLists } from './joined-lists.ts'
import { ListCache, type Given, type Kept, type ListOf } from './list-cache.ts'
import { loadList, type ListName } from './load-list.ts'
import { audienceOf, principalOf, sessionKey, type Owner } from './owner.ts'
import type { ServerEvents } from './server-events.ts'
import { tasksOf } from './tasks/task-plan.ts'
import type { Upstream, UpstreamSession } from './upstream.ts'
import { wordsWithheld } from './withhold-words.ts'
import { withDeadline } from './with-deadline.ts'

/** One entry of a prompt, resource or template list, as its server gave it. */
export interface CatalogueItem {
  readonly server: ServerKey
  readonly raw: JsonObject
}

/** What several servers list together. */
export interface Listed<Entry> {
  readonly entries: readonly Entry[]
  /** Milliseconds since the epoch: until then the servers let it be kept. */
  readonly until: number
  /** False = a server did not answer, and its part is missing. */
  readonly complete: boolean
}

export type ItemList = Exclude<ListName, 'tools'>

const CHANGES: Readonly<Record<string, readonly ListName[]>> = {
  'notifications/tools/list_changed': ['tools'],
  'notifications/prompts/list_changed': ['prompts'],
  'notifications/resources/list_changed': ['resources', 'resourceTemplates', 'skills'],
}

/**
 * What the servers offer, for each owner: asked once, kept while the session lives that gave it, dropped when
 * the server says that it changed. What the gate shows of it is never kept.
 */
export class Catalogue {
  readonly #deps: DoorDeps
  readonly #limits: DoorLimits
  readonly #events: ServerEvents
  readonly #tools: ListCache<KnownTools>
  readonly #joined = new JoinedLists()
  readonly #items: ListCache<readonly CatalogueItem[]>

  constructor(deps: DoorDeps, limits: DoorLimits, events: ServerEvents) {
    this.#deps = deps
    this.#limits = limits
    this.#events = events
    this.#tools = new ListCache(deps.clock)
    this.#items = new ListCache(deps.clock)
    events.on(({ session, method }) => {
      if (session === undefined) return
      for (const list of CHANGES[method] ?? []) {
        this.#tools.drop(session, list)
        this.#items.drop(session, list)
      }
    })
  }

  /** @throws RemitError `tool_unknown`, `upstream_unavailable`. */
  async session(server: ServerKey, owner: Owner): Promise<UpstreamSession> {
    const upstream = this.#upstream(server)
    const settings = this.#deps.serverSettings.get(server)
    this.#events.watchRecovery(upstream)
    const key = sessionKey(owner, upstream.config.session)
    const session = await upstream.session(key, sessionCapabilities(owner.capabilities, settings), owner)
    this.#events.watch(upstream, owner, session)
    return session
  }

  /**
   * The tool as listed by the very session that would run it.
   * @throws RemitError `tool_unknown`, `upstream_*`.
   */
  async tool(
    server: ServerKey,
    owner: Owner,
    name: string,
  ): Promise<{ readonly tool: CatalogueTool; readonly session: UpstreamSession }> {
    const session = await this.session(server, owner)
    const of = this.#listOf(session, { server, owner, list: 'tools' })
    const known = this.#tools.get(session, of, Infinity)
    if (known !== undefined && this.#isOld(session, of)) this.#recheck(session, server, of)
    const { value } = known ?? (await this.#loadTools(session, server, of))
    const tool = value.byName.get(name)
    if (tool === undefined) {
      throw new RemitError('tool_unknown', `the server \`${server}\` has no tool \`${name}\`; list its tools`)
    }
    return { tool, session }
  }

  /** Tools of these servers, in the order given. A server that does not answer is left out and logged. */
  async tools(servers: readonly ServerKey[], owner: Owner): Promise<Listed<CatalogueTool>> {
    return this.#gather({ servers, owner, list: 'tools' }, async (server) => {
      const session = await this.session(server, owner)
      const of = this.#listOf(session, { server, owner, list: 'tools' })
      const known = this.#tools.get(session, of, this.#limits.listAge)
      const { value, until } = known ?? (await this.#loadTools(session, server, of))
      return { value: value.all, until }
    })
  }

  /** Prompts, resources or templates of these servers, in the order given. */
  async items(servers: readonly ServerKey[], owner: Owner, list: ItemList): Promise<Listed<CatalogueItem>> {
    return this.#gather({ servers, owner, list }, async (server) => {
      const session = await this.session(server, owner)
      const of = this.#listOf(session, { server, owner, list })
      const known = this.#items.get(session, of, this.#limits.listAge)
      return known ?? this.#items.load(session, of, () => this.#askItems(session, server, list))
    })
  }

  /** Of a server of the initialize era everybody on a session has the same lists. */
  #listOf(
    { info }: UpstreamSession,
    { server, owner, list }: { readonly server: ServerKey; readonly owner: Owner; readonly list: ListName },
  ): ListOf {
    const principal = info.era === 'legacy' ? '' : principalOf(owner, this.#upstream(server).config.session)
    return { list, principal }
  }

  /** A call uses what it knows, whatever its age; what has gone stale is listed anew beside it, not with every call. */
  #isOld(session: UpstreamSession, of: ListOf): boolean {
    const { recheck, listAge } = this.#limits
    if (this.#tools.get(session, of, recheck) !== undefined) return false
    const age = this.#tools.ageOf(session, of)
    return age >= Math.min(recheck, listAge)
  }

  async #gather<Entry>(
    { servers, owner, list }: { servers: readonly ServerKey[]; owner: Owner; list: ListName },
    ask: (server: ServerKey) => Promise<Kept<readonly Entry[]>>,
  ): Promise<Listed<Entry>> {
    const answers = await Promise.all(
      servers.map(async (server) => {
        const asked = ask(server)
        try {
          return await withDeadline(asked, this.#limits.listWait)
        } catch (thrown) {
          const { code, message, detail } = asRemitError(thrown)
          this.#deps.log.log('warn', 'server left out of a list', {
            server,
            list,
            code,
            detail: detail ?? message,
          })
          if (servers.length === 1) throw thrown
          this.#tellWhenLate(asked, { server, owner, list })
          return undefined
        }
      }),
    )
    const parts = answers.filter((answer) => answer !== undefined)
    return {
      entries: this.#joined.join(parts.map(({ value }) => value)),
      until: Math.min(...parts.map(({ until }) => until)),
      complete: parts.length === answers.length,
    }
  }

  /** Whoever was shown the list without a slow server's part hears when the part is there. */
  #tellWhenLate(asked: Promise<unknown>, late: { server: ServerKey; owner: Owner; list: ListName }): void {
    const { server, owner, list } = late
    const method = Object.keys(CHANGES).find((change) => CHANGES[change]?.includes(list))
    const sharing = this.#deps.upstreams.get(server)?.config.session
    if (method === undefined || sharing === undefined) return
    const tell = (): void => {
      this.#events.tell({ server, audience: audienceOf(owner, sharing), method, params: {} })
    }
    asked.then(tell, () => {})
  }

  #loadTools(session: UpstreamSession, server: ServerKey, of: ListOf): Promise<Kept<KnownTools>> {
    return this.#tools.load(session, of, async () => {
      const { items, freshness } = await loadList(session, 'tools', this.#limits)
      const tools = describeList({
        server,
        raw: items,
        tasks: tasksOf(session.info),
        before: this.#tools.get(session, of, Infinity)?.value,
        leftOut: () => {
          this.#deps.log.log('warn', 'tool not offered: malformed or listed twice', { server })
        },
      })
      const itself = listedServer(this.#upstream(server).config, session)
      await this.#deps.gate.see(server, [itself, ...tools.all.map(listedDefinition)])
      return { value: tools, freshness }
    })
  }

  /** Beside a call that does not wait for it: a server that changes its tools and does not say so is found out. */
  #recheck(session: UpstreamSession, server: ServerKey, of: ListOf): void {
    this.#loadTools(session, server, of).catch((thrown: unknown) => {
      const { code, message, detail } = asRemitError(thrown)
      this.#deps.log.log('warn', 'tools not listed again', { server, code, detail: detail ?? message })
    })
  }

  async #askItems(
    session: UpstreamSession,
    server: ServerKey,
    list: ItemList,
  ): Promise<Given<readonly CatalogueItem[]>> {
    const { items: raw, freshness } = await loadList(session, list, this.#limits)
    const items = await wordsWithheld(this.#deps, { server, list }, raw.filter(isJsonObject))
    return { value: items.map((item) => ({ server, raw: item })), freshness }
  }

  #upstream(server: ServerKey): Upstream {
    const upstream = this.#deps.upstreams.get(server)
    if (upstream === undefined) {
      throw new RemitError('tool_unknown', `no server \`${server}\` is configured; list what there is`)
    }
    return upstream
  }
}
