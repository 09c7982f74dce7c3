import { effectiveEnvironment } from '../core/identity.ts'
import { chooseCredential, type CredentialEntry } from '../gate/choose-credential.ts'
import type { HumanId } from '../core/ids.ts'
import type { CredentialBroker, UpstreamCredentials } from '../gate/credentials.ts'
import type { HumanTokens } from './oauth/human-tokens.ts'

const NONE: UpstreamCredentials = { headers: {} }

/**
 * Gives each call what its server needs for exactly this call.
 * @param held by server; absent = the same for all.
 * @param tokens of a server that is reached as the task's human.
 */
export function createCredentialBroker(
  held: (server: string) => readonly CredentialEntry[] | undefined,
  tokens?: { of(server: string): Pick<HumanTokens, 'ready' | 'headers'> | undefined },
): CredentialBroker {
  return {
    credentialsFor: ({ server, chain: { task }, effect }) => {
      const ofHumans = tokens?.of(server)
      if (ofHumans !== undefined) return ofHuman(ofHumans, server, task.human)
      const entries = held(server)
      if (entries === undefined) return NONE
      return chooseCredential(entries, { server, effect, environment: effectiveEnvironment(task) })
    },
  }
}

async function ofHuman(
  tokens: Pick<HumanTokens, 'ready' | 'headers'>,
  server: string,
  human: HumanId,
): Promise<UpstreamCredentials> {
  await tokens.ready(server, human)
  return { headers: tokens.headers(server, human) }
}
