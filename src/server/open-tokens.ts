import { HumanTokens } from '../credentials/oauth/human-tokens.ts'
import type { OAuthServer } from '../credentials/oauth/oauth-server.ts'
import type { SecretVault } from '../credentials/secret-vault.ts'
import type { ServerSet } from './live-servers.ts'
import { oauthServer } from './oauth-servers.ts'
import type { Planes } from './open-planes.ts'
import { SYSTEM_CLOCK } from './system-clock.ts'

/** Acting for humans at servers. */
export interface Tokens {
  readonly tokens: HumanTokens
  readonly oauthServerOf: (key: string) => OAuthServer | undefined
  /** Ports on which the gateway listens: nothing that it sends reaches them. */
  readonly ownPorts: () => ReadonlySet<number>
}

/** @param inForce asked when something is needed, not before. */
export function openTokens(
  vault: SecretVault,
  { agent, admin, urls }: Planes,
  inForce: () => ServerSet,
): Tokens {
  const own = new Set([agent.port, admin.port])
  const ownPorts = (): ReadonlySet<number> => own
  const serverOf = (key: string): OAuthServer | undefined => oauthServer(inForce(), key, ownPorts)
  const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
  const now = (): number => SYSTEM_CLOCK.now()
  const tokens = new HumanTokens({ vault, serverOf, adminUrl: urls.admin, now, sleep })
  return { tokens, oauthServerOf: serverOf, ownPorts }
}
