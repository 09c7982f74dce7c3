import { RemitError } from '../core/errors.ts'
import { certificateHolder, heldCertificate } from '../core/holder.ts'
import type { Presentation, ShownCertificate } from '../core/showing.ts'
import { missingProof, type ProofVerifier } from '../identity/proof-verifier.ts'

/**
 * Who sent a request, by the proof or the certificate that came with it.
 * @param of the token that came too, and the only holder (`core/holder.ts`) who will do; absent = anyone.
 * @throws RemitError `proof_*`, `certificate_*`, `overloaded`.
 */
export function shownHolder(
  { proofs }: { readonly proofs: ProofVerifier },
  showing: Presentation | undefined,
  of: { readonly token: string; readonly holder?: string | undefined },
): string {
  const { token, holder } = of
  const certificate = holder === undefined ? undefined : heldCertificate(holder)
  if (certificate !== undefined) return checkCertificate(showing, certificate)
  if (showing === undefined) throw missingProof()
  if ('proof' in showing) return proofs.check(showing, { token, key: holder })
  if (holder !== undefined) throw missingProof()
  return certificateHolder(counting(showing))
}

/** RFC 8705 §3: the certificate of the very connection, and no proof of another kind instead of it. */
function checkCertificate(showing: Presentation | undefined, certificate: string): string {
  if (showing === undefined) {
    throw new RemitError(
      'certificate_missing',
      'this token is bound to a certificate: send it over a TLS connection of your own to the gateway that shows it; one through a proxy that ends TLS, or without TLS, shows none',
    )
  }
  if ('proof' in showing) {
    throw new RemitError(
      'certificate_missing',
      'this token is bound to a certificate, of which a `DPoP` proof shows nothing: send it as `Bearer`, over a TLS connection that shows the certificate',
    )
  }
  if (counting(showing) === certificate) return certificateHolder(certificate)
  throw new RemitError(
    'certificate_invalid',
    'the certificate of this connection is not the one that holds the task; use that one, or, where it is lost or was renewed, have its human name another: `remit task token … --cert-thumbprint=…`',
  )
}

/** @throws RemitError `certificate_invalid`. */
function counting({ certificate, refused }: ShownCertificate): string {
  if (refused === undefined) return certificate
  throw new RemitError('certificate_invalid', `the certificate of this connection does not count: ${refused}`)
}
