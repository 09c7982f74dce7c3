import { hash, type X509Certificate } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { TLSSocket } from 'node:tls'
import type { ShownCertificate } from '../core/showing.ts'

/** Under what a listener takes certificates of clients. */
export interface CertificateRules {
  /** Whether only one counts that chains up to the listener's own authority and is in its time. */
  readonly verified: boolean
  /** Whether the peer is a proxy, whose certificate is that of everybody behind it. */
  readonly isProxy: (address: string) => boolean
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

/** By connection: one is one client's for as long as it lasts, since TLS is never negotiated again on it. */
const shown = new WeakMap<object, ClientCertificate>()

/** What a client showed when its connection began. It says of itself whether it counts. */
export class ClientCertificate implements ShownCertificate {
  readonly x509: X509Certificate
  readonly certificate: string
  readonly #problem: string | undefined
  readonly #until: number
  readonly #now: () => number

  constructor(x509: X509Certificate, socket: TLSSocket, { verified, isProxy, now }: CertificateRules) {
    this.x509 = x509
    this.certificate = certificateThumbprint(x509)
    this.#problem = isProxy(socket.remoteAddress ?? '')
      ? 'it is that of a proxy (`trustedProxies`), behind which anybody may be'
      : verified && !socket.authorized
        ? `no authority of \`tls.clientCa\` stands for it (${String(socket.authorizationError)})`
        : undefined
    this.#until = verified ? Date.parse(x509.validTo) : Infinity
    this.#now = now
  }

  get refused(): string | undefined {
    // NaN is over as well.
    return this.#problem ?? (this.#now() < this.#until ? undefined : 'its time is over')
  }
}

/** `x5t#S256` (RFC 8705 §3.1): SHA-256 of the DER in Base64url. */
export function certificateThumbprint({ raw }: X509Certificate): string {
  return hash('sha256', raw, 'base64url')
}

/** Once for each connection, when it begins. */
export function noteCertificate(socket: TLSSocket, rules: CertificateRules): void {
  const x509 = socket.getPeerX509Certificate()
  if (x509 !== undefined) shown.set(socket, new ClientCertificate(x509, socket, rules))
}

/** The certificate of the connection on which a request came; undefined = it showed none, or was not asked for one. */
export function clientCertificate({
  socket,
}: Pick<IncomingMessage, 'socket'>): ClientCertificate | undefined {
  return shown.get(socket)
}
