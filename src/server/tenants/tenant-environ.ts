import type { Environ } from '../load-config.ts'

/** What a tenant may be given by the environment. */
const OWN = /^(?:APPROVER|SECRETS_KEY|SECRETS_KEY_FILE|SECRETS_KEY_OLD|SECRET_\w+)$/

/**
 * The environment as one tenant sees it: nothing of Remit's but what is named for it, `REMIT_TENANT_ACME__SECRET_X` as
 * `REMIT_SECRET_X`. A tenant's name has no `_`, so that `__` ends it.
 */
export function tenantEnviron(environ: Environ, tenant: string): Environ {
  const prefix = `REMIT_TENANT_${tenant.toUpperCase().replaceAll('-', '_')}__`
  const seen: Record<string, string | undefined> = {}
  for (const [name, value] of Object.entries(environ)) {
    if (!name.startsWith('REMIT_')) seen[name] = value
    const own = name.startsWith(prefix) ? name.slice(prefix.length) : ''
    if (OWN.test(own)) seen[`REMIT_${own}`] = value
  }
  return seen
}
