import type { TokenEndpointResponse } from 'oauth4webapi'
import { z } from 'zod'
import { RemitError } from '../../core/errors.ts'

const keptSchema = z.object({
  url: z.string(),
  clientId: z.string(),
  access: z.string(),
  refresh: z.string(),
  expires: z.number(),
})

/** What an agent's host holds of a task that it was given: good at one gateway, and nowhere else. */
export type KeptTokens = Readonly<z.infer<typeof keptSchema>>

/** @throws RemitError `token_missing` when the gateway gave none that can be renewed. */
export function keptTokens(
  { access_token: access, refresh_token: refresh, expires_in: seconds = 60 }: TokenEndpointResponse,
  { url, clientId, now }: { readonly url: string; readonly clientId: string; readonly now: number },
): KeptTokens {
  if (refresh !== undefined) return { url, clientId, access, refresh, expires: now + seconds * 1000 }
  throw new RemitError('token_missing', `\`${url}\` gave no token that can be renewed`)
}

/** @throws RemitError `token_missing` when the text is none of this program's. */
export function parseKeptTokens(text: string, file: string): KeptTokens {
  try {
    return keptSchema.parse(JSON.parse(text))
  } catch (cause) {
    throw new RemitError('token_missing', `\`${file}\` holds no login; name another file, or remove it`, {
      cause,
    })
  }
}
