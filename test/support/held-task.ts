import type { IssuedTaskAnswer } from '../../src/api/contract.ts'
import { HolderKey } from '../../src/identity/holder-key.ts'

export interface HeldTask {
  /** Bound to the key. */
  readonly token: string
  /** Sends with a proof; the request may go to any replica. */
  readonly send: typeof fetch
}

/**
 * A task that a key holds, where the gateway is dialled at another address than the one it is known by, as replicas are.
 * @param at `dialled` and `known`: base URLs of the agent plane.
 */
export async function holdTask(
  bare: string,
  at: { readonly dialled: string; readonly known: string },
): Promise<HeldTask> {
  const key = HolderKey.make()
  const shown = (token: string, path: string): Record<string, string> => {
    const proof = key.prove({ method: 'POST', url: `${at.known}${path}`, token, now: Date.now() })
    return { authorization: `DPoP ${token}`, dpop: proof }
  }
  const answer = await fetch(`${at.dialled}/bind`, {
    method: 'POST',
    headers: { ...shown(bare, '/bind'), 'content-type': 'application/json' },
    body: '{}',
  })
  if (!answer.ok) throw new Error(`the task is not held: ${await answer.text()}`)
  const { token } = (await answer.json()) as IssuedTaskAnswer
  return {
    token,
    send: (input, init) => {
      const { headers, url } = new Request(input, init)
      const own = shown(token, new URL(url).pathname)
      return fetch(url, { ...init, headers: { ...Object.fromEntries(headers), ...own } })
    },
  }
}
