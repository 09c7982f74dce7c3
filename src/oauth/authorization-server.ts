import type { IncomingMessage, ServerResponse } from 'node:http'
import { heardAll } from './expect-warning.ts'
import { type KoaContextWithOIDC, Provider } from 'oidc-provider'
import type { DelegationRequest, DelegationRequests, DeviceCodes } from '../gate/delegation-requests.ts'
import { describeClient } from './describe-client.ts'
import { advertiseExchange } from './advertise-exchange.ts'
import { answerToDevice, isDevicePage } from './device-answer.ts'
import { DeviceRequests } from './device-requests.ts'
import { endStolenFamily } from './end-stolen-family.ts'
import { Entries } from './entries.ts'
import { type Answer, giveHandoff, takeHandoff } from './handoff.ts'
import { delegationClosed as closed } from './delegation-closed.ts'
import { introspect } from './introspect.ts'
import { providerSettings, SCOPE } from './provider-settings.ts'
import { saveGrant } from './save-grant.ts'
import { serveKeys } from './serve-keys.ts'
import type { AuthorizationServerDeps } from './server-deps.ts'

heardAll()

export interface AuthorizationServer {
  /** Answers one request of the agent plane whose path `servesOAuth`. */
  handle(request: IncomingMessage, response: ServerResponse): void
  readonly requests: DelegationRequests
  readonly devices: DeviceCodes
}

type Interaction = InstanceType<Provider['Interaction']>

/** Issuer, clients, codes and tokens, on the agent plane; what people answer comes from the admin plane. */
export function createAuthorizationServer(deps: AuthorizationServerDeps): AuthorizationServer {
  const entries = new Entries(deps)
  const provider = new Provider(deps.issuer, providerSettings(deps, entries))
  // Every URL comes from the issuer; the one thing asked of the request is whether cookies are `Secure`.
  provider.proxy = true
  provider.use(async (ctx, next) => (serveKeys(ctx as never, deps.keys) ? undefined : next()))
  provider.use((ctx, next) => advertiseExchange(ctx as never, next))
  provider.use(async (ctx, next) => {
    const { introspection, tasks } = deps
    if (introspection === undefined || !(await introspect(ctx as never, introspection, tasks))) await next()
  })
  provider.use((ctx, next) => prepare(provider, entries, ctx as never, next))
  provider.use(async (ctx, next) => {
    await next()
    await endStolenFamily(ctx as never, { provider, tasks: deps.tasks, log: deps.log })
  })
  provider.use((ctx, next) => answerToDevice(deps, ctx as never, next))
  provider.on('server_error', (_ctx: unknown, error: Error) => {
    deps.log.log('error', 'oauth.failed', { detail: error.message })
  })
  const listener = provider.callback()
  const devices = new DeviceRequests(deps, provider, entries)
  const codes = delegationRequests(deps, provider, entries)
  const handlerOf = (id: string): DelegationRequests => (devices.has(id) ? devices : codes)
  const secure = deps.issuer.startsWith('https:')
  return {
    handle(request, response) {
      for (const name of ['x-forwarded-host', 'x-forwarded-for', 'forwarded']) delete request.headers[name]
      request.headers['x-forwarded-proto'] = secure ? 'https' : 'http'
      void listener(request, response)
    },
    requests: {
      find: (id) => handlerOf(id).find(id),
      approve: (id, actor, request) => handlerOf(id).approve(id, actor, request),
      refuse: (id) => handlerOf(id).refuse(id),
    },
    devices,
  }
}

/** Before the library: a scope for who names none, and the answer of a human whose browser comes back with it. */
async function prepare(
  provider: Provider,
  entries: Entries,
  ctx: KoaContextWithOIDC,
  next: () => Promise<void>,
): Promise<void> {
  const { path, query } = ctx
  // People type codes on the admin plane, and nowhere else.
  if (isDevicePage(path)) return
  if (path === '/oauth/authorize' && ctx.method === 'GET' && query['scope'] === undefined) {
    ctx.query = { ...query, scope: SCOPE }
  }
  const uid = /^\/oauth\/authorize\/([\w-]+)$/.exec(path)?.[1]
  if (uid !== undefined) {
    const { handoff } = query
    ctx.query = {}
    // The browser must be the one in which the request began: whoever was sent a link has no such cookie.
    const own = ctx.cookies.get('_remit_resume', { signed: true }) === uid
    const answer = own && typeof handoff === 'string' ? await takeHandoff(entries, handoff, uid) : undefined
    const interaction = answer === undefined ? undefined : await provider.Interaction.find(uid)
    if (interaction === undefined || answer === undefined) {
      ctx.status = 400
      ctx.type = 'text'
      ctx.body = 'This answer is not for this browser, or was used already. Start again in your agent.\n'
      return
    }
    interaction.result = answer as never
    await interaction.persist()
  }
  await next()
}

function delegationRequests(
  deps: AuthorizationServerDeps,
  provider: Provider,
  entries: Entries,
): DelegationRequests {
  const open = async (id: string): Promise<Interaction> => {
    const interaction = await provider.Interaction.find(id)
    if (interaction !== undefined) return interaction
    throw closed()
  }
  /** One answer to a request, whoever gives two. */
  const answerOnce = async (interaction: Interaction, answer: Answer): Promise<string> => {
    const { uid, returnTo } = interaction
    if (!(await entries.consume('Interaction', uid))) throw closed()
    return `${returnTo}?handoff=${await giveHandoff(entries, deps.entropy, { uid, answer })}`
  }
  return {
    async find(id) {
      const entry = await entries.get('Interaction', id)
      if (entry === undefined || entry.consumed !== undefined) return undefined
      const interaction = await provider.Interaction.find(id)
      return interaction === undefined ? undefined : describe(provider, interaction)
    },
    async approve(id, actor, request) {
      const interaction = await open(id)
      const { agent, clientId } = await describe(provider, interaction)
      const { task } = await deps.tasks.create(actor, { ...request, agent })
      try {
        await saveGrant(provider, {
          task: task.id,
          human: task.human,
          clientId,
          expires: task.expires,
          resources: [deps.audience, ...askedResources(interaction)],
        })
        const consent = { grantId: task.id }
        return await answerOnce(interaction, { login: { accountId: task.human, remember: false }, consent })
      } catch (thrown) {
        await deps.tasks.end(task.id, 'its delegation was not finished')
        throw thrown
      }
    },
    async refuse(id) {
      const interaction = await open(id)
      return answerOnce(interaction, { error: 'access_denied', error_description: 'a human refused' })
    },
  }
}

async function describe(provider: Provider, { uid, params }: Interaction): Promise<DelegationRequest> {
  const client = await provider.Client.find(String(params['client_id']))
  if (client === undefined) throw closed()
  return describeClient(uid, client, { redirectUri: String(params['redirect_uri']) })
}

/** Endpoints of single servers that the client named; the library has checked them. */
function askedResources({ params }: Interaction): readonly string[] {
  const { resource } = params
  return [resource].flat().filter((each) => typeof each === 'string')
}
