import type { ConfigProblem } from './config-problem.ts'
import type { Config } from './config-schema.ts'
import { isLoopback, parseAddress } from './listen-address.ts'
import { servesTls } from './serves-tls.ts'

const FIX = 'set `tls`, name the proxy that ends TLS in `trustedProxies`, or listen on 127.0.0.1'

/** Tokens must not cross a network in the clear: whatever leaves loopback needs TLS, ours or a proxy's. */
export function checkExposure(config: Config): readonly ConfigProblem[] {
  const problems: ConfigProblem[] = []
  const guarded = config.tls !== undefined || config.trustedProxies.length > 0
  for (const plane of ['agent', 'admin'] as const) {
    const host = parseAddress(config.listen[plane])?.host ?? ''
    if (!guarded && !isLoopback(host)) {
      problems.push({ path: ['listen', plane], message: `would publish the plane without TLS: ${FIX}` })
      continue
    }
    const url = plane === 'agent' ? 'publicUrl' : 'adminUrl'
    if (config[url] === undefined && !isLoopback(host)) {
      problems.push({
        path: ['listen', plane],
        message: `needs \`${url}\`, the URL under which clients reach it`,
      })
    }
  }
  for (const key of ['publicUrl', 'adminUrl'] as const) {
    const text = config[key]
    if (text === undefined) continue
    const url = new URL(text)
    const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
    if (url.protocol === 'http:' && !isLoopback(host)) {
      problems.push({ path: [key], message: 'must be https unless its host is this machine' })
    }
    if (url.protocol === 'https:' && !guarded) {
      problems.push({ path: [key], message: `is https, but nothing here ends TLS: ${FIX}` })
    }
  }
  return [...problems, ...checkCertificates(config)]
}

/** What is configured for certificates of clients, and asks nobody for one. */
function checkCertificates(config: Config): readonly ConfigProblem[] {
  const { clientCertificates, clientCa } = config.tls ?? {}
  if (clientCertificates === 'optional' && !servesTls(config, 'agent')) {
    const message = 'needs the agent plane to be served with TLS, which its http: URL says it is not'
    return [{ path: ['tls', 'clientCertificates'], message }]
  }
  if (clientCertificates === 'none' && clientCa !== undefined)
    return [{ path: ['tls', 'clientCa'], message: 'needs `clientCertificates: optional`' }]
  return []
}
