import {
  type Client,
  deviceAuthorizationRequest,
  deviceCodeGrantRequest,
  type DeviceAuthorizationResponse,
  dynamicClientRegistrationRequest,
  None,
  processDeviceAuthorizationResponse,
  processDeviceCodeResponse,
  processDynamicClientRegistrationResponse,
  ResponseBodyError,
} from 'oauth4webapi'
import { RemitError } from '../../core/errors.ts'
import { visibleLine } from '../../core/visible-text.ts'
import { transportTo, type GatewayClient, type KnownGateway } from './find-issuer.ts'
import { keptTokens, type KeptTokens } from './kept-tokens.ts'
import { type ProveRequest, provingTransport } from './proving-transport.ts'

const DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code'
/** Seconds between two questions where the gateway names none, and after each `slow_down` (RFC 8628 §3.5). */
const INTERVAL = 5

export interface DeviceLoginOptions {
  readonly gateway: KnownGateway
  readonly prove: ProveRequest
  /** Shows the human where to go and what to type. */
  readonly tell: (text: string) => void
  readonly sleep: (milliseconds: number) => Promise<void>
  readonly now: () => number
}

/**
 * The device flow (RFC 8628) from the agent's side: a code on the terminal, until a human has answered it.
 * @throws RemitError `gateway_unreachable`, `token_missing` when nobody delegated.
 */
export async function loginByDevice(options: DeviceLoginOptions): Promise<KeptTokens> {
  const { gateway, tell } = options
  if (gateway.issuer.device_authorization_endpoint === undefined) {
    throw new RemitError('gateway_unreachable', `\`${gateway.url}\` has no device flow; it is too old`)
  }
  const client = await register(gateway)
  const parameters = { resource: gateway.resource }
  const transport = transportTo(gateway.url)
  const asked = await processDeviceAuthorizationResponse(
    gateway.issuer,
    client,
    await deviceAuthorizationRequest(gateway.issuer, client, None(), parameters, transport),
  )
  tell(wordsOf(asked))
  const tokens = await askUntilAnswered(asked, { gateway, client }, options)
  tell('This agent has its task now.\n')
  return tokens
}

async function register({ issuer, url }: KnownGateway): Promise<Client> {
  const metadata = {
    client_name: 'remit connect',
    redirect_uris: [],
    response_types: [],
    grant_types: [DEVICE_GRANT, 'refresh_token'],
    token_endpoint_auth_method: 'none',
  }
  const response = await dynamicClientRegistrationRequest(issuer, metadata, transportTo(url))
  const { client_id } = await processDynamicClientRegistrationResponse(response)
  return { client_id }
}

function wordsOf({ verification_uri, user_code, expires_in }: DeviceAuthorizationResponse): string {
  const minutes = String(Math.floor(expires_in / 60))
  return `To let this agent act for you, open
  ${visibleLine(verification_uri)}
and type
  ${visibleLine(user_code)}
Only if you started this yourself, just now. The code ends in ${minutes} minutes.
`
}

async function askUntilAnswered(
  asked: DeviceAuthorizationResponse,
  { gateway, client }: GatewayClient,
  { sleep, now, prove }: DeviceLoginOptions,
): Promise<KeptTokens> {
  const { issuer, url } = gateway
  const transport = provingTransport(url, prove)
  const ends = now() + asked.expires_in * 1000
  let interval = asked.interval ?? INTERVAL
  while (now() < ends) {
    await sleep(interval * 1000)
    const response = await deviceCodeGrantRequest(issuer, client, None(), asked.device_code, transport)
    try {
      return keptTokens(await processDeviceCodeResponse(issuer, client, response), {
        url,
        clientId: client.client_id,
        now: now(),
      })
    } catch (thrown) {
      const error = thrown instanceof ResponseBodyError ? thrown.error : undefined
      if (error === 'slow_down') interval += INTERVAL
      else if (error === 'access_denied') throw nobody('a human refused')
      else if (error === 'expired_token') break
      else if (error !== 'authorization_pending') throw thrown
    }
  }
  throw nobody('nobody typed the code in time')
}

function nobody(why: string): RemitError {
  return new RemitError(
    'token_missing',
    `the agent was given no task: ${why}; start it again to get a new code`,
  )
}
