import type { HolderKey } from '../../src/identity/holder-key.ts'
import type { Task } from './world.ts'

/** Requests that a task's token and the key that holds it go with. */
export type TaskFetch = (url: string | URL, init?: RequestInit) => Promise<Response>

/** Each request is proved anew (DPoP, RFC 9449), so that nobody else can use the token. */
export function provedFetch(key: HolderKey, { token }: Task): TaskFetch {
  return (url, init = {}) => {
    const headers = new Headers(init.headers)
    headers.set('authorization', `DPoP ${token}`)
    headers.set('dpop', key.prove({ method: init.method ?? 'GET', url: String(url), now: Date.now(), token }))
    return fetch(url, { ...init, headers })
  }
}
