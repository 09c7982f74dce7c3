/** Goes before the thumbprint of a certificate, where one of a key stands alone: its confirmation method (RFC 8705 §3.1). */
const CERTIFICATE = 'x5t#S256:'

/** What may stand in `holder` of a task: the thumbprint of a key (RFC 7638), or of a certificate with its method before. */
export const HOLDER = /^(x5t#S256:)?[\w-]{43}$/

/** Whoever shows this certificate. @param thumbprint SHA-256 of its DER in Base64url. */
export function certificateHolder(thumbprint: string): string {
  return `${CERTIFICATE}${thumbprint}`
}

/** The certificate that has to be shown; undefined = a key has to be. */
export function heldCertificate(holder: string): string | undefined {
  return holder.startsWith(CERTIFICATE) ? holder.slice(CERTIFICATE.length) : undefined
}

/** `cnf` of a token (RFC 7800): by what its holder is known. */
export type Confirmation = { readonly jkt: string } | { readonly 'x5t#S256': string }

export function confirmationOf(holder: string): Confirmation {
  const certificate = heldCertificate(holder)
  return certificate === undefined ? { jkt: holder } : { 'x5t#S256': certificate }
}
