import type { Config } from './config-schema.ts'
import { isLoopback, parseAddress } from './listen-address.ts'

/** A certificate that is configured is used, unless the plane's own URL says that it is dialled without. */
export function servesTls(config: Config, plane: 'agent' | 'admin'): boolean {
  const url = plane === 'agent' ? config.publicUrl : config.adminUrl
  const host = parseAddress(config.listen[plane])?.host ?? ''
  return config.tls !== undefined && !(isLoopback(host) && url?.startsWith('http:') === true)
}
