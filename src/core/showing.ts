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

/** Thumbprint (RFC 7638) of a key that was shown when something long began, which is now looked at again. */
export interface Shown {
  readonly key: string
}
