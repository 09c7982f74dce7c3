/**
 * What a human's passkey signed under a decision: everything that it takes to check it again, without the gateway.
 * Texts in base64url as WebAuthn gives them (https://www.w3.org/TR/webauthn-3/#iface-authenticatorassertionresponse).
 */
export interface Assertion {
  readonly credential: string
  /** COSE_Key of the passkey. */
  readonly publicKey: string
  readonly authenticatorData: string
  readonly clientDataJSON: string
  readonly signature: string
  /** Lower-case hex SHA-256 of what was agreed to; the challenge in `clientDataJSON` is made of it. */
  readonly digest: string
  readonly rpId: string
  readonly origin: string
}
