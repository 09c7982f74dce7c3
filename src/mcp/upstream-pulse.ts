import { asRemitError } from '../core/errors.ts'
import type { Pulse } from './upstream-breaker.ts'
import { UpstreamRpcError, type UpstreamSession } from './upstream.ts'

/** Asks for a sign of life: any answer is one, also an error. @param wait milliseconds. */
export async function takePulse(session: UpstreamSession, wait: number): Promise<Pulse> {
  if (session.closed) return 'gone'
  const method = session.info.era === 'modern' ? 'server/discover' : 'ping'
  const signal = AbortSignal.timeout(wait)
  try {
    await session.request({ method, params: {}, signal, clientCapabilities: {} })
    return 'alive'
  } catch (error) {
    if (signal.aborted) return 'silent'
    if (error instanceof UpstreamRpcError) return 'alive'
    // A server that cannot be reached, or hangs up, fails at once by itself and holds nobody up.
    return asRemitError(error).code === 'upstream_timeout' ? 'silent' : 'gone'
  }
}
