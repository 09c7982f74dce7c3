import { SECRET_NAME } from './clear-secrets.ts'
import type { ServerSet } from './live-servers.ts'

/** The values that the gateway holds itself: whatever they look like, no agent may see or send them. */
export function ownSecrets({ secrets, loaded }: ServerSet): ReadonlyMap<string, string> {
  const values = new Map<string, string>()
  for (const [server, resolved] of Object.entries(secrets)) {
    for (const field of ['env', 'headers'] as const) {
      const written = loaded.config.servers[server]?.[field] ?? {}
      for (const [name, value] of Object.entries(resolved[field])) {
        if (written[name] === value && !SECRET_NAME.test(name)) continue
        // The scheme before it (`Bearer …`) is no part of it.
        values.set(value.split(/\s/).at(-1) ?? value, `credential of ${server}`)
      }
    }
  }
  return values
}
