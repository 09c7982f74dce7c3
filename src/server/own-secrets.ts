import { SECRET_NAME } from './clear-secrets.ts'
import type { ServerSet } from './live-servers.ts'
import { referenceOf } from './secrets.ts'

type Texts = Readonly<Record<string, string>>

/**
 * The values that the gateway holds itself: whatever they look like, no agent may see or send them.
 * @returns what may be said of each instead, by value.
 */
export function ownSecrets({ secrets, loaded }: ServerSet): ReadonlyMap<string, string> {
  const values = new Map<string, string>()
  const add = (server: string, written: Texts | undefined, resolved: Texts): void => {
    for (const [name, value] of Object.entries(resolved)) {
      const reference = referenceOf(written?.[name] ?? '')
      if (reference === undefined && !SECRET_NAME.test(name)) continue
      // The scheme before it (`Bearer …`) is no part of it.
      values.set(value.split(/\s/).at(-1) ?? value, reference ?? `${server}/${name}`)
    }
  }
  for (const [server, resolved] of Object.entries(secrets)) {
    const config = loaded.config.servers[server]
    add(server, config?.env, resolved.env)
    add(server, config?.headers, resolved.headers)
    if (resolved.clientSecret !== undefined) {
      const written = { clientSecret: config?.oauth?.clientSecret ?? '' }
      add(server, written, { clientSecret: resolved.clientSecret })
    }
    for (const [at, { headers }] of (resolved.credentials ?? []).entries()) {
      add(server, config?.credentials?.[at]?.headers, headers)
    }
  }
  return values
}
