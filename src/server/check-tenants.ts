import type { ConfigProblem } from './config-problem.ts'
import type { Config } from './config-schema.ts'

/** Each tenant has a name and, where it has one, a host of its own: nobody could be told from another else. */
export function checkTenants(config: Config): readonly ConfigProblem[] {
  const problems: ConfigProblem[] = []
  const guarded = config.tls !== undefined || config.trustedProxies.length > 0
  for (const key of ['publicUrl', 'adminUrl'] as const) {
    const own = config[key]
    const taken = new Map<string, string>(own === undefined ? [] : [[new URL(own).hostname, key]])
    for (const [name, tenant] of Object.entries(config.tenants)) {
      const text = tenant[key]
      if (text === undefined) continue
      const { protocol, hostname } = new URL(text)
      const path = ['tenants', name, key]
      const other = taken.get(hostname)
      if (other !== undefined)
        problems.push({ path, message: `has the host of \`${other}\`; give it another one` })
      if (protocol === 'http:' && !hostname.endsWith('localhost')) {
        problems.push({ path, message: 'must be https unless its host is `….localhost`' })
      }
      if (protocol === 'https:' && !guarded) {
        problems.push({ path, message: 'is https, but nothing here ends TLS: set `tls` or `trustedProxies`' })
      }
      taken.set(hostname, path.join('.'))
    }
  }
  if (Object.hasOwn(config.tenants, config.tenant)) {
    const message = 'is the tenant of this file itself, see `tenant`; give one of them another name'
    problems.push({ path: ['tenants', config.tenant], message })
  }
  return problems
}
