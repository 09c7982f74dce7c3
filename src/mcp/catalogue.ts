import { RemitError, asRemitError } from '../core/errors.ts'
import type { ServerKey } from '../core/ids.ts'
import { isJsonObject, type JsonObject } from '../core/json.ts'
import { sessionCapabilities } from './client-capabilities.ts'
import { listedServer } from './describe-server.ts'
import { describeList, type KnownTools } from './describe-list.ts'
import { listedDefinition, type CatalogueTool } from './describe-tool.ts'
import type { DoorDeps, DoorLimits } from './door-deps.ts'
import { JoinedLists } from './joined-lists.ts'
import { ListCache } from './list-cache.ts'
import { loadList, type ListName } from './load-list.ts'
import { audienceOf, sessionKey, type Owner } from './owner.ts'
import type { ServerEvents } from './server-events.ts'
import { tasksOf } from './tasks/task-plan.ts'
import type { Upstream, UpstreamSession } from './upstream.ts'
import { withholdWords } from './withhold-words.ts'
import { withDeadline } from './with-deadline.ts'

/** One entry of a prompt, resource or template list, as its server gave it. */
export interface CatalogueItem {
  readonly server: ServerKey
  readonly raw: JsonObject
}

/** What several servers list together. */
export interface Listed<Entry> {
  readonly entries: readonly Entry[]
  /** False = a server did not answer, and its part is missing. */
  readonly complete: boolean
}

export type ItemList = Exclude<ListName, 'tools'>

const CHANGES: Readonly<Record<string, readonly ListName[]>> = {
  'notifications/tools/list_changed': ['tools'],
  'notifications/prompts/list_changed': ['prompts'],
  'notifications/resources/list_changed': ['resources', 'resourceTemplates'],
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
    const known = this.#tools.get(session, 'tools', Infinity)
    if (known !== undefined && this.#tools.get(session, 'tools', this.#limits.recheck) === undefined) {
      this.#recheck(session, server)
    }
    const { byName } = known ?? (await this.#loadTools(session, server))
    const tool = byName.get(name)
    if (tool === undefined) {
      throw new RemitError('tool_unknown', `the server \`${server}\` has no tool \`${name}\`; list its tools`)
    }
    return { tool, session }
  }

  /** Tools of these servers, in the order given. A server that does not answer is left out and logged. */
  async tools(servers: readonly ServerKey[], owner: Owner): Promise<Listed<CatalogueTool>> {
    return this.#gather({ servers, owner, list: 'tools' }, async (server) => {
      const session = await this.session(server, owner)
      const known = this.#tools.get(session, 'tools', this.#limits.listAge)
      return (known ?? (await this.#loadTools(session, server))).all
    })
  }

  /** Prompts, resources or templates of these servers, in the order given. */
  async items(servers: readonly ServerKey[], owner: Owner, list: ItemList): Promise<Listed<CatalogueItem>> {
    return this.#gather({ servers, owner, list }, async (server) => {
      const session = await this.session(server, owner)
      const known = this.#items.get(session, list, this.#limits.listAge)
      return known ?? this.#items.load(session, list, () => this.#askItems(session, server, list))
    })
  }

  async #gather<Entry>(
    { servers, owner, list }: { servers: readonly ServerKey[]; owner: Owner; list: ListName },
    ask: (server: ServerKey) => Promise<readonly Entry[]>,
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
    return { entries: this.#joined.join(parts), complete: parts.length === answers.length }
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

  #loadTools(session: UpstreamSession, server: ServerKey): Promise<KnownTools> {
    return this.#tools.load(session, 'tools', async () => {
      const listed = await loadList(session, 'tools', this.#limits)
      const tools = describeList({
        server,
        raw: listed,
        tasks: tasksOf(session.info),
        before: this.#tools.get(session, 'tools', Infinity),
        leftOut: () => {
          this.#deps.log.log('warn', 'tool not offered: malformed or listed twice', { server })
        },
      })
      const itself = listedServer(this.#upstream(server).config, session)
      await this.#deps.gate.see(server, [itself, ...tools.all.map(listedDefinition)])
      return tools
    })
  }

  /** Beside a call that does not wait for it: a server that changes its tools and does not say so is found out. */
  #recheck(session: UpstreamSession, server: ServerKey): void {
    this.#loadTools(session, server).catch((thrown: unknown) => {
      const { code, message, detail } = asRemitError(thrown)
      this.#deps.log.log('warn', 'tools not listed again', { server, code, detail: detail ?? message })
    })
  }

  async #askItems(
    session: UpstreamSession,
    server: ServerKey,
    list: ItemList,
  ): Promise<readonly CatalogueItem[]> {
    const raw = await loadList(session, list, this.#limits)
    const { gate, clock, log } = this.#deps
    const items = await withholdWords(raw.filter(isJsonObject), {
      scan: (texts) => gate.scan(texts),
      clock,
      found: (flags) => {
        log.log('warn', 'words withheld', { server, list, flags: flags.map(({ kind }) => kind) })
      },
    })
    return items.map((item) => ({ server, raw: item }))
  }

  #upstream(server: ServerKey): Upstream {
    const upstream = this.#deps.upstreams.get(server)
    if (upstream === undefined) {
      throw new RemitError('tool_unknown', `no server \`${server}\` is configured; list what there is`)
    }
    return upstream
  }
}
