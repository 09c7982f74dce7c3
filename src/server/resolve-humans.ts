import { userInfo } from 'node:os'
import type { HumanId, TenantId } from '../core/ids.ts'
import type { Human } from '../core/identity.ts'
import type { Config } from './config-schema.ts'

/** Roles of the person who owns an installation that has configured nobody. */
export const OWNER_ROLES = ['maintainer', 'approver', 'auditor', 'admin'] as const

/** The configured humans, or the OS user alone. */
export function resolveHumans(config: Config): readonly Human[] {
  const tenant = config.tenant as TenantId
  if (config.humans.length > 0) {
    return config.humans.map(({ id, teams, roles }) => ({ tenant, id: id as HumanId, teams, roles }))
  }
  return [{ tenant, id: osUser() as HumanId, teams: [], roles: OWNER_ROLES }]
}

export function osUser(): string {
  try {
    return userInfo().username.replaceAll(/[^A-Za-z0-9._@+-]/g, '-') || 'owner'
  } catch {
    // A container may run as a user id without an entry.
    return 'owner'
  }
}
