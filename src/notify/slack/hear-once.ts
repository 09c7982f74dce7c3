import type { Change } from '../../core/change.ts'
import type { KeptPlace } from './kept-messages.ts'

/** Under what it is kept that a request of Slack's was heard. */
const MODEL = 'slack.heard'

/**
 * Durable before anything is decided: of two who hear the same request, on whichever replica, one does.
 * @param request.until milliseconds since the epoch: when it would be refused for its age.
 * @returns false = it was heard before.
 */
export async function hearOnce(
  { tenant, journal, clock }: Pick<KeptPlace, 'tenant' | 'journal' | 'clock'>,
  request: { readonly digest: string; readonly until: number },
): Promise<boolean> {
  const at = clock.now()
  const { digest: id, until: expires } = request
  const changes: readonly Change[] = [
    { kind: 'put-oauth', entry: { tenant, model: MODEL, id, at, expires, body: '{}' } },
    { kind: 'consume-oauth', tenant, model: MODEL, id, at },
  ]
  return (await journal.commit({ records: [], changes })) === 'committed'
}
