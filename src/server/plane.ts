import { constants } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer, type ServerOptions } from 'node:https'
import type { AddressInfo } from 'node:net'
import { RemitError } from '../core/errors.ts'
import { type CertificateRules, noteCertificate } from '../net/client-certificate.ts'
import { authorityOf, type ListenAddress } from './listen-address.ts'

export type RequestListener = (request: IncomingMessage, response: ServerResponse) => void

export interface PlaneOptions {
  readonly name: 'agent' | 'admin'
  readonly address: ListenAddress
  /** PEM; absent = plain HTTP. */
  readonly tls?: { readonly cert: Buffer; readonly key: Buffer }
  /** Over TLS: clients are asked for a certificate, and need not have one. `ca` = PEM of who must stand for those that count. */
  readonly certificates?: Omit<CertificateRules, 'verified'> & { readonly ca?: Buffer | undefined }
  readonly connections: number
  /** Whether a peer's address may speak to this plane at all. */
  readonly admits: (address: string) => boolean
}

/** One listener. It holds its port from the start, and answers 503 until there is somebody to serve. */
export interface Plane {
  /** `http://host:port` as it is bound, without a slash at its end. */
  readonly url: string
  readonly port: number
  /** Whether clients are asked for certificates. */
  readonly certificates: boolean
  serve(listener: RequestListener): void
  /** Stops accepting, lets open requests finish for `grace` ms, then ends them. */
  close(grace: number): Promise<void>
}

/** @throws RemitError `port_taken`. */
export async function openPlane(options: PlaneOptions): Promise<Plane> {
  let serving: RequestListener | undefined
  const listener: RequestListener = (request, response) => {
    if (!options.admits(request.socket.remoteAddress ?? '')) {
      request.socket.destroy()
      return
    }
    if (serving === undefined) response.writeHead(503, { 'retry-after': '1' }).end()
    else serving(request, response)
  }
  const first = makeServer(options, listener)
  const { host } = options.address
  await bind(first, options, host === 'localhost' ? '127.0.0.1' : host, options.address.port)
  const { port } = first.address() as AddressInfo
  const second = host === 'localhost' ? await bindSecond(options, listener, first) : []
  const servers = [first, ...second]
  const scheme = options.tls === undefined ? 'http' : 'https'
  return {
    url: `${scheme}://${authorityOf({ host, port })}`,
    port,
    certificates: options.tls !== undefined && options.certificates !== undefined,
    serve: (next) => {
      serving = next
    },
    close: async (grace) => {
      await Promise.all(servers.map((server) => closeServer(server, grace)))
    },
  }
}

/**
 * `localhost` means both loopback addresses, and clients choose: whoever else held the other one would be handed
 * approver codes. A machine without IPv6 has only one.
 */
async function bindSecond(
  options: PlaneOptions,
  listener: RequestListener,
  first: Server,
): Promise<readonly Server[]> {
  const second = makeServer(options, listener)
  const { port } = first.address() as AddressInfo
  try {
    await bind(second, options, '::1', port)
    return [second]
  } catch (error) {
    if (error instanceof RemitError && error.code === 'port_taken') {
      first.close()
      throw error
    }
    return []
  }
}

function makeServer(options: PlaneOptions, listener: RequestListener): Server {
  const limits = {
    headersTimeout: 10_000,
    requestTimeout: 120_000,
    keepAliveTimeout: 65_000,
    maxHeaderSize: 16_384,
  }
  const server =
    options.tls === undefined
      ? createServer(limits, listener)
      : makeTlsServer({ ...limits, ...options.tls, minVersion: 'TLSv1.2' }, options.certificates, listener)
  server.maxConnections = options.connections
  return server
}

/**
 * Whether a certificate counts is said request by request, in words; the handshake would only hang up. What a connection
 * began with stays: TLS 1.2 is not negotiated again on it, as another certificate might come of it.
 */
function makeTlsServer(
  options: ServerOptions,
  certificates: PlaneOptions['certificates'],
  listener: RequestListener,
): Server {
  if (certificates === undefined) return createTlsServer(options, listener)
  const { ca, ...rules } = certificates
  const asking = {
    requestCert: true,
    rejectUnauthorized: false,
    secureOptions: constants.SSL_OP_NO_RENEGOTIATION,
    ...(ca === undefined ? {} : { ca }),
  }
  const server = createTlsServer({ ...options, ...asking }, listener)
  // Before whoever reads requests from it.
  server.prependListener('secureConnection', (socket) => {
    noteCertificate(socket, { ...rules, verified: ca !== undefined })
  })
  return server
}

function bind(server: Server, options: PlaneOptions, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(asBindError(error, options, port))
    })
    server.listen({ host, port, exclusive: true }, () => {
      server.removeAllListeners('error')
      resolve()
    })
  })
}

function asBindError(error: NodeJS.ErrnoException, { name, address }: PlaneOptions, port: number): Error {
  const how = `set \`listen.${name}\` or REMIT_LISTEN_${name.toUpperCase()} to another one`
  if (error.code === 'EADDRINUSE') {
    return new RemitError(
      'port_taken',
      `port ${port} of the ${name} plane is taken by another program; ${how}`,
    )
  }
  if (error.code === 'EACCES') {
    return new RemitError(
      'port_taken',
      `port ${port} of the ${name} plane needs more rights than this user has; ${how}`,
    )
  }
  return new RemitError(
    'config_invalid',
    `cannot listen on \`${authorityOf(address)}\` (${error.code}); ${how}`,
  )
}

async function closeServer(server: Server, grace: number): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.close(() => {
      resolve()
    })
  })
  server.closeIdleConnections()
  const timer = setTimeout(() => {
    server.closeAllConnections()
  }, grace)
  await closed
  clearTimeout(timer)
}
