import { hash } from 'node:crypto'
import { visibleText } from '../core/visible-text.ts'
import { isLoopbackHost } from '../net/ip-ranges.ts'
import type { AskingDevice, DelegationRequest } from '../gate/delegation-requests.ts'

interface ClientWords {
  readonly clientId: string
  readonly clientName?: string | undefined
}

const LONGEST_NAME = 80

/** What a human is told of a client; nothing of it is proved but where the answer goes. */
export function describeClient(
  id: string,
  { clientId, clientName }: ClientWords,
  answer: { readonly redirectUri: string } | { readonly device: AskingDevice },
): DelegationRequest {
  const documentHost = /^https:/i.test(clientId) ? new URL(clientId).host : undefined
  const name = shownWords(clientName)
  return {
    id,
    clientId,
    ...(name === undefined ? {} : { name }),
    ...(documentHost === undefined ? {} : { documentHost }),
    ...('device' in answer ? { device: answer.device, onlyThisMachine: false } : placeOf(answer.redirectUri)),
    agent: agentOf(clientId, documentHost),
  }
}

function placeOf(redirectUri: string): Pick<DelegationRequest, 'redirectHost' | 'onlyThisMachine'> {
  const { host, hostname, protocol } = new URL(redirectUri)
  // A scheme of its own is a program's: what follows it is no host, whatever it looks like.
  if (!/^https?:$/.test(protocol)) return { redirectHost: protocol, onlyThisMachine: true }
  return { redirectHost: host, onlyThisMachine: isLoopbackHost(hostname) }
}

/** A claim as a page may show it: one line, no control characters, no more than a name. */
export function shownWords(claim: string | undefined): string | undefined {
  const words = claim?.replaceAll(/[\p{C}\p{Default_Ignorable_Code_Point}\u2800\s]+/gu, ' ').trim()
  return words === undefined || words === '' ? undefined : visibleText(words.slice(0, LONGEST_NAME))
}

/** A task names agents by short names; a name that a client gave itself is no name of an agent. */
function agentOf(clientId: string, documentHost: string | undefined): DelegationRequest['agent'] {
  const short = hash('sha256', clientId, 'hex').slice(0, 16)
  if (documentHost === undefined) return { id: `registered-${short}`, kind: 'unknown' }
  const kind = documentHost.replaceAll(/[^A-Za-z0-9.-]/g, '-').slice(0, 100)
  return { id: `${kind}+${short}`, kind }
}
