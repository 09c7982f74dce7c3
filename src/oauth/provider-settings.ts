import { type Configuration, errors, type KoaContextWithOIDC } from 'oidc-provider'
import { taskClaims } from '../identity/task-token.ts'
import { boundTo } from './bound-to.ts'
import { POLL_INTERVAL } from './device-answer.ts'
import { DeviceCodeAdapter } from './device-code-adapter.ts'
import { redirectProblem } from './client-redirects.ts'
import type { Entries } from './entries.ts'
import { clientCertificate } from '../net/client-certificate.ts'
import { PLAIN_PAGE_POLICY } from '../net/plain-page.ts'
import { errorPage } from './error-page.ts'
import { INTROSPECTION_PATH } from './introspect.ts'
import { DEVICE_PATH } from './paths.ts'
import { PollPace } from './poll-pace.ts'
import { ProviderAdapter } from './provider-adapter.ts'
import { RingSigningKey } from './ring-signing-key.ts'
import type { AuthorizationServerDeps } from './server-deps.ts'
import { TaskLives } from './task-lives.ts'

export const SCOPE = 'mcp'
/** Seconds. */
const ACCESS_TOKEN_LIFE = 600
const CODE_LIFE = 60
export const INTERACTION_LIFE = 900
const SESSION_LIFE = 900
/** A document of a client may have so many bytes. */
const MOST_DOCUMENT = 65_536

const COOKIES = {
  names: { session: '_remit_session', interaction: '_remit_interaction', resume: '_remit_resume' },
  long: { httpOnly: true, sameSite: 'lax', signed: true },
  short: { httpOnly: true, sameSite: 'lax', signed: true },
} as const
const ROUTES = {
  authorization: '/oauth/authorize',
  token: '/oauth/token',
  registration: '/oauth/register',
  revocation: '/oauth/revoke',
  device_authorization: DEVICE_PATH,
  code_verification: `${DEVICE_PATH}/none`,
  jwks: '/oauth/jwks',
}
const CLIENT = {
  application_type: 'native',
  grant_types: ['authorization_code', 'refresh_token'],
  id_token_signed_response_alg: 'EdDSA',
  token_endpoint_auth_method: 'none',
} as const

/** The protocol library as we want it: codes with PKCE for public clients, and every grant a task. */
export function providerSettings(deps: AuthorizationServerDeps, entries: Entries): Configuration {
  const lives = new TaskLives(deps)
  const pace = new PollPace(deps.clock, POLL_INTERVAL * 1000)
  const left = (_ctx: unknown, token: { jti?: string | undefined; grantId?: string | undefined }): number =>
    lives.left(token.grantId ?? token.jti)
  return {
    adapter: (model: string) =>
      model === 'DeviceCode'
        ? new DeviceCodeAdapter(pace, model, entries, deps.tasks)
        : new ProviderAdapter(model, entries, deps.tasks),
    jwks: { keys: [new RingSigningKey(deps.keys)] },
    cookies: { keys: [deps.cookieKey], ...COOKIES },
    scopes: [SCOPE, 'offline_access'],
    responseTypes: ['code'],
    clientAuthMethods: ['none'],
    clientDefaults: CLIENT,
    extraClientMetadata: { properties: ['redirect_uris'], validator: checkRedirects },
    discovery: ownMetadata(deps),
    pkce: { required: () => true },
    rotateRefreshToken: true,
    // A browser's visit to the agent plane ends soon; what it began is a task, which has its own end.
    expiresWithSession: async () => false,
    issueRefreshToken: async (_ctx, client) => client.grantTypeAllowed('refresh_token'),
    routes: ROUTES,
    interactions: { url: (_ctx, { uid }) => `${deps.adminUrl}/delegate/${uid}` },
    ttl: {
      AccessToken: (ctx, token) => Math.min(ACCESS_TOKEN_LIFE, left(ctx, token)),
      AuthorizationCode: CODE_LIFE,
      DeviceCode: INTERACTION_LIFE,
      Grant: left,
      Interaction: INTERACTION_LIFE,
      RefreshToken: left,
      Session: SESSION_LIFE,
    },
    features: features(deps),
    fetch: (url, init) => deps.fetchDocument(new Request(url).url, init ?? {}),
    fetchResponseBodyLimits: { 'client_id metadata document': MOST_DOCUMENT },
    findAccount: async (_ctx, human, token) => {
      const grant = (token as { grantId?: string } | undefined)?.grantId
      if (grant !== undefined && (await lives.standing(grant)) === undefined) return undefined
      return { accountId: human, claims: () => ({ sub: human }) }
    },
    // An earlier answer never stands for this one: each authorization is a task that a human made.
    loadExistingGrant: async (ctx) => {
      const grant = ctx.oidc.result?.consent?.grantId
      return grant === undefined ? undefined : ctx.oidc.provider.Grant.find(grant)
    },
    formats: {
      customizers: {
        jwt: (_ctx, token, parts) => {
          parts.header = { kid: deps.keys.signing().kid }
          return nameTask(lives, token, parts)
        },
      },
    },
    renderError: showError,
  }
}

/** Of every client, however it came to be known. */
function checkRedirects(_ctx: unknown, _key: string, uris: unknown): void {
  for (const uri of Array.isArray(uris) ? uris : []) {
    const problem = redirectProblem(uri)
    if (problem !== undefined) throw new errors.InvalidClientMetadata(`redirect_uris: one ${problem}`)
  }
}

/** What this server adds to the library's. */
function ownMetadata({ introspection, issuer }: AuthorizationServerDeps): Record<string, string | string[]> {
  if (introspection === undefined) return {}
  return {
    introspection_endpoint: `${issuer}${INTROSPECTION_PATH}`,
    introspection_endpoint_auth_methods_supported: ['client_secret_basic'],
  }
}

/** RFC 8705 §3, for clients that are registered so; none proves by it who it is. */
const CERTIFICATES = {
  enabled: true,
  certificateBoundAccessTokens: true,
  getCertificate: ({ req }: KoaContextWithOIDC) => {
    const certificate = clientCertificate(req)
    if (certificate?.refused === undefined) return certificate?.x509
    throw new errors.InvalidRequest(
      `the certificate of this connection does not count: ${certificate.refused}`,
    )
  },
}

function features(deps: AuthorizationServerDeps): NonNullable<Configuration['features']> {
  return {
    devInteractions: { enabled: false },
    userinfo: { enabled: false },
    rpInitiatedLogout: { enabled: false },
    externalSigningSupport: { enabled: true, ack: 'experimental-01' },
    dPoP: { enabled: true, nonceSecret: deps.nonceSecret, requireNonce: () => deps.nonceRequired },
    ...(deps.clientCertificates ? { mTLS: CERTIFICATES } : {}),
    pushedAuthorizationRequests: { enabled: false },
    registration: { enabled: true, issueRegistrationAccessToken: false },
    revocation: { enabled: true },
    deviceFlow: { enabled: true, charset: 'base-20', mask: '****-****' },
    clientIdMetadataDocument: {
      enabled: true,
      ack: 'draft-02',
      allowFetch: () => true,
      allowClient: () => true,
    },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => deps.audience,
      useGrantedResource: () => true,
      getResourceServerInfo: (_ctx: KoaContextWithOIDC, resource: string) => {
        if (resource !== deps.audience && !resource.startsWith(`${deps.audience}/`)) {
          throw new errors.InvalidTarget()
        }
        return {
          scope: SCOPE,
          // Endpoints of single servers are views of one resource; what a task may, its scope says.
          audience: deps.audience,
          accessTokenFormat: 'jwt' as const,
          jwt: { sign: { alg: 'EdDSA' as const } },
        }
      },
    },
  }
}

type JwtCustomizer = NonNullable<NonNullable<NonNullable<Configuration['formats']>['customizers']>['jwt']>

/** A token says what every token of the task says, and is never longer good than the task. */
async function nameTask(
  lives: TaskLives,
  token: Parameters<JwtCustomizer>[1],
  parts: Parameters<JwtCustomizer>[2],
): Promise<undefined> {
  const standing = 'grantId' in token ? await lives.standing(token.grantId) : undefined
  if (standing === undefined) throw new errors.InvalidGrant('the task is not active any more')
  const chain = await lives.held(standing, boundTo(token))
  const { payload } = parts
  Object.assign(payload, taskClaims(chain.task, chain.ancestors), {
    nbf: payload['iat'],
    exp: Math.min(Number(payload['exp']), Math.floor(chain.task.expires / 1000)),
  })
  return undefined
}

const showError: NonNullable<Configuration['renderError']> = (ctx, out) => {
  ctx.type = 'html'
  ctx.set('content-security-policy', PLAIN_PAGE_POLICY)
  ctx.set('x-content-type-options', 'nosniff')
  ctx.set('referrer-policy', 'no-referrer')
  ctx.body = errorPage(out.error, out.error_description)
}
