import type { ServerCheck } from '../api/contract.ts'
import type { Upstream } from '../mcp/upstream.ts'

/** Whether a server's program runs in a sandbox; undefined = it is no program of this machine. */
export function confinementOf({
  config: { transport },
}: Pick<Upstream, 'config'>): ServerCheck['confinement'] {
  if (transport.kind !== 'stdio') return undefined
  return transport.launcher?.confinement ?? { confined: false, reason: 'nothing confines it' }
}

/** Keys of those that run without one, in order. */
export function unconfinedOf(upstreams: ReadonlyMap<string, Pick<Upstream, 'config'>>): readonly string[] {
  const unconfined = [...upstreams].filter(([, upstream]) => confinementOf(upstream)?.confined === false)
  return unconfined.map(([key]) => key).toSorted()
}
