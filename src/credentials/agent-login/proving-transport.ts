import { customFetch } from 'oauth4webapi'
import { transportTo } from './find-issuer.ts'

/** A proof of the key that is to hold the task, for one request (RFC 9449 §4). */
export type ProveRequest = (of: {
  readonly method: string
  readonly url: string
  readonly nonce?: string | undefined
}) => string

/**
 * To a token endpoint, as a public client that holds its tokens with a key (RFC 9449 §5). Where the gateway asks for a nonce
 * nothing was done, and the same request goes again with it, once.
 */
export function provingTransport(url: string, prove: ProveRequest): ReturnType<typeof transportTo> {
  const plain = transportTo(url)
  let nonce: string | undefined
  return {
    ...plain,
    [customFetch]: async (to, options) => {
      const { method = 'GET', headers = {} } = options as Options
      const send = (): Promise<Response> =>
        plain[customFetch](to, {
          ...options,
          headers: { ...headers, dpop: prove({ method, url: to, nonce }) },
        })
      const first = await send()
      const given = first.headers.get('dpop-nonce') ?? undefined
      if (given === undefined || given === nonce) return first
      nonce = given
      return (await wantsNonce(first)) ? send() : first
    },
  }
}

interface Options {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** RFC 9449 §8. */
async function wantsNonce(response: Response): Promise<boolean> {
  if (response.ok) return false
  const answer: unknown = await response
    .clone()
    .json()
    .catch(() => undefined)
  return (answer as { readonly error?: unknown } | undefined)?.error === 'use_dpop_nonce'
}
