import type { Log } from '../../core/log.ts'

/** Each line says whose it is. */
export function tenantLog(log: Log, tenant: string): Log {
  return { log: (level, event, fields = {}) => log.log(level, event, { tenant, ...fields }) }
}
