import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Plane, RequestListener } from '../plane.ts'
import { routeTenant, tenantPath } from './route-tenant.ts'

/** One tenant's part of a listener. */
interface Part {
  /** Absent = it has a host of its own. */
  readonly path?: string
  readonly hosts: ReadonlySet<string>
  serving: RequestListener | undefined
  /** Requests that are open. */
  open: number
}

/**
 * One listener for several tenants: each is reached below `/t/<tenant>`, or under a host of its own and then nowhere
 * else; what is for none of them is the installation's own. No tenant holds more than half of the connections.
 */
export class SharedPlane {
  readonly #plane: Plane
  readonly #most: number
  readonly #own: Part = { hosts: new Set(), serving: undefined, open: 0 }
  readonly #byPath = new Map<string, Part>()
  readonly #byHost = new Map<string, Part>()

  /** @param connections that the plane serves at a time. */
  constructor(plane: Plane, connections: number) {
    this.#plane = plane
    this.#most = Math.max(1, Math.floor(connections / 2))
    plane.serve((request, response) => this.#route(request, response))
  }

  /** What the installation's own tenant sees of it; closing it closes the listener. */
  own(): Plane {
    return { ...this.#view(this.#own), close: (grace) => this.#plane.close(grace) }
  }

  /** What a tenant sees of it: the same port, and its requests alone. @param url its own; absent = by path. */
  of(tenant: string, url: string | undefined): Plane {
    const hosts = new Set(url === undefined ? [] : authoritiesOf(url))
    const part: Part = {
      hosts,
      serving: undefined,
      open: 0,
      ...(url === undefined && { path: tenantPath(tenant) }),
    }
    for (const host of hosts) this.#byHost.set(host, part)
    if (url === undefined) this.#byPath.set(tenant, part)
    return this.#view(part)
  }

  #view(part: Part): Plane {
    const { url, port, certificates } = this.#plane
    return {
      url,
      port,
      certificates,
      serve: (listener) => {
        part.serving = listener
      },
      close: () => {
        part.serving = undefined
        return Promise.resolve()
      },
    }
  }

  #route(request: IncomingMessage, response: ServerResponse): void {
    const byHost = this.#byHost.get((request.headers.host ?? '').toLowerCase())
    if (byHost !== undefined) return this.#serve(byHost, request, response)
    const routed = routeTenant(request.url ?? '')
    const part = routed === undefined ? undefined : this.#byPath.get(routed.tenant)
    if (routed === undefined || part === undefined) return this.#serve(this.#own, request, response)
    request.url = routed.target
    // Where it is mounted, as those who make URLs from requests want to be told.
    Object.assign(request, { baseUrl: part.path })
    this.#serve(part, request, response)
  }

  #serve(part: Part, request: IncomingMessage, response: ServerResponse): void {
    if (part.serving === undefined || part.open >= this.#most) {
      response.writeHead(503, { 'retry-after': '1', connection: 'close' }).end()
      return
    }
    part.open += 1
    response.once('close', () => {
      part.open -= 1
    })
    part.serving(request, response)
  }
}

/** As clients write it in `Host`, with and without the usual port. */
function authoritiesOf(text: string): readonly string[] {
  const { host, hostname, port, protocol } = new URL(text)
  return [host, `${hostname}:${port === '' ? (protocol === 'https:' ? '443' : '80') : port}`]
}
