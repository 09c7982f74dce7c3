import type { TokenEndpointResponse } from 'oauth4webapi'
import { RemitError } from '../../core/errors.ts'

/** What an agent's host holds of a task that it was given: good at one gateway, and nowhere else. */
export interface KeptTokens {
  readonly url: string
  readonly clientId: string
  readonly access: string
  readonly refresh: string
  /** Milliseconds since the epoch. */
  readonly expires: number
}

/** @throws RemitError `token_missing` when the gateway gave none that can be renewed. */
export function keptTokens(
  { access_token: access, refresh_token: refresh, expires_in: seconds = 60 }: TokenEndpointResponse,
  { url, clientId, now }: { readonly url: string; readonly clientId: string; readonly now: number },
): KeptTokens {
  if (refresh !== undefined) return { url, clientId, access, refresh, expires: now + seconds * 1000 }
  throw new RemitError('token_missing', `\`${url}\` gave no token that can be renewed`)
}
