/** How a request shows that its sender holds a key (RFC 9449): it came with scheme `DPoP`. */
export interface Showing {
  /** The `DPoP` header; undefined = there was none. */
  readonly proof: string | undefined
  readonly method: string
  /** Of the request as agents know the gateway, without query. */
  readonly url: string
  /** At a token endpoint a proof need not name the token; where it does, it must be this one. */
  readonly at: 'resource' | 'token-endpoint'
}

/** The client's certificate of the connection on which a request came (RFC 8705 §3), its private key proved by TLS. */
export interface ShownCertificate {
  /** SHA-256 of its DER in Base64url, `x5t#S256`. */
  readonly certificate: string
  /** Why it counts for nothing; absent or undefined = it counts. */
  readonly refused?: string | undefined
}

/** What a request shows of its sender beside the token; a certificate is shown by each of its connection, wanted or not. */
export type Presentation = Showing | ShownCertificate

/** The holder (`core/holder.ts`) who was shown when something long began, which is now looked at again. */
export interface Shown {
  readonly key: string
}
