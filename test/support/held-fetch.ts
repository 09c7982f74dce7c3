import { HolderKey } from '../../src/identity/holder-key.ts'
import { TaskAccess } from '../../src/server/task-access.ts'

/** One for each token, so that whoever connects again with it is the same holder. */
const known = new Map<string, TaskAccess>()

/** What sends requests as `remit connect` does: the token is bound to a key, which each request shows. */
export function heldFetch(endpoint: string, token: string, key = HolderKey.make()): typeof fetch {
  const access = known.get(token) ?? new TaskAccess({ endpoint, token: async () => token, key })
  known.set(token, access)
  return async (input, init) => {
    const request = new Request(input, init)
    const url = request.url
    const { method } = request
    const headers = new Headers(request.headers)
    for (const [name, value] of Object.entries(await access.headers(method, url))) headers.set(name, value)
    return fetch(url, { ...init, method, headers })
  }
}
