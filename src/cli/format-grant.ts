import { grantState, type ListedGrant } from '../core/grant.ts'
import { plainLine } from './plain-text.ts'

export const GRANT_COLUMNS: readonly string[] = ['GRANT', 'STATE', 'USES', 'BY', 'TASK', 'COVERS']

/** One line a grant. @param now milliseconds since the epoch. */
export function grantRow(grant: ListedGrant, now: number): readonly string[] {
  return [
    grant.id,
    stateText(grant, now),
    String(grant.uses),
    plainLine(grant.by.join(',')),
    grant.task,
    plainLine(`${grant.server}__${grant.tool} ${JSON.stringify(grant.covers.arguments)}${widerText(grant)}`),
  ]
}

function widerText({ covers: { wider } }: ListedGrant): string {
  return wider === undefined ? '' : ` (${wider.axis}: ${wider.text})`
}

function stateText(grant: ListedGrant, now: number): string {
  const state = grantState(grant, now)
  const expires = new Date(grant.expires).toISOString()
  if (state === 'revoked') return plainLine(`revoked by ${grant.revoked?.by ?? ''}`)
  if (grant.lapsed !== undefined) return plainLine(`no longer counts: ${grant.lapsed}`)
  return state === 'expired' ? `expired ${expires}` : `until ${expires}`
}
