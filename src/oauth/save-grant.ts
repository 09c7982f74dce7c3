import type { Provider } from 'oidc-provider'
import type { TaskId } from '../core/ids.ts'
import { SCOPE } from './provider-settings.ts'

export interface GrantOfTask {
  readonly task: TaskId
  readonly human: string
  readonly clientId: string
  /** Milliseconds since the epoch. */
  readonly expires: number
  readonly resources: readonly string[]
}

/** Lets a client have tokens of a task. */
export async function saveGrant(provider: Provider, of: GrantOfTask): Promise<void> {
  const grant = new provider.Grant({ accountId: of.human, clientId: of.clientId })
  // The grant is the task: one name, one end.
  grant.jti = of.task
  Object.assign(grant, { exp: Math.floor(of.expires / 1000) })
  grant.addOIDCScope(`${SCOPE} offline_access`)
  for (const resource of of.resources) grant.addResourceScope(resource, SCOPE)
  await grant.save()
}
