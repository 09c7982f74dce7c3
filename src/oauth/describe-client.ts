import { hash } from 'node:crypto'
import type { DelegationRequest } from '../gate/delegation-requests.ts'

interface ClientWords {
  readonly clientId: string
  readonly clientName?: string | undefined
}

const LONGEST_NAME = 80

/** What a human is told of a client; nothing of it is proved but where the answer goes. */
export function describeClient(
  id: string,
  { clientId, clientName }: ClientWords,
  redirectUri: string,
): DelegationRequest {
  const documentHost = /^https:/i.test(clientId) ? new URL(clientId).host : undefined
  const redirect = new URL(redirectUri)
  const name = clientName
    ?.replaceAll(/[\p{C}\s]+/gu, ' ')
    .trim()
    .slice(0, LONGEST_NAME)
  return {
    id,
    clientId,
    ...(name === undefined || name === '' ? {} : { name }),
    ...(documentHost === undefined ? {} : { documentHost }),
    redirectHost: redirect.host === '' ? redirect.protocol : redirect.host,
    onlyThisMachine: !/^https:$/.test(redirect.protocol),
    agent: agentOf(clientId, documentHost),
  }
}

/** A task names agents by short names; a name that a client gave itself is no name of an agent. */
function agentOf(clientId: string, documentHost: string | undefined): DelegationRequest['agent'] {
  const short = hash('sha256', clientId, 'hex').slice(0, 16)
  if (documentHost === undefined) return { id: `registered-${short}`, kind: 'unknown' }
  const kind = documentHost.replaceAll(/[^A-Za-z0-9.-]/g, '-').slice(0, 100)
  return { id: `${kind}+${short}`, kind }
}
