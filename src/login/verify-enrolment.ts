import type { RegistrationResponseJSON } from '@simplewebauthn/server'
import type { Change } from '../core/change.ts'
import { RemitError } from '../core/errors.ts'
import { isJsonObject, type Json } from '../core/json.ts'
import { openChallenge } from './challenge.ts'
import { spend } from './entries.ts'
import type { LoginDeps } from './login-deps.ts'
import type { PasskeyBody } from './passkey.ts'
import { relyingParty } from './relying-party.ts'

/**
 * Checks a new passkey (WebAuthn section 7.1): made for this host by a page of this origin, for this challenge, with
 * the human verified. No attestation was asked for, and none is looked at: it would be fetched from elsewhere.
 * @throws RemitError `passkey_refused`.
 */
export async function verifyEnrolment(
  deps: LoginDeps,
  given: { readonly subject: string; readonly response: Json | undefined; readonly name: string },
): Promise<{ readonly entry: PasskeyBody; readonly spent: readonly Change[] }> {
  const { id: rpId, origin } = relyingParty(deps.adminUrl)
  const response = readEnrolment(given.response)
  const { verifyRegistrationResponse } = await import('@simplewebauthn/server')
  const { decodeAttestationObject } = await import('@simplewebauthn/server/helpers')
  let spent: readonly Change[] = []
  try {
    const attested = decodeAttestationObject(
      new Uint8Array(Buffer.from(response.response.attestationObject, 'base64url')),
    )
    if (attested.get('fmt') !== 'none') throw new Error('an attestation came that was not asked for')
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response,
      expectedChallenge: (challenge) => {
        const end = openChallenge(deps, challenge, { purpose: 'enrol', subject: given.subject })
        if (end !== undefined) spent = spend(deps, `challenge\n${challenge}`, end)
        return end !== undefined
      },
      expectedOrigin: origin,
      expectedRPID: rpId,
      requireUserVerification: true,
      supportedAlgorithmIDs: [-8, -7, -257],
    })
    if (!verified) throw new Error('not verified')
    const { credential, credentialBackedUp: backedUp } = registrationInfo
    const { id, publicKey, counter, transports = [] } = credential
    const key = Buffer.from(publicKey).toString('base64url')
    const { name } = given
    return { entry: { credential: id, publicKey: key, counter, transports, backedUp, name, used: 0 }, spent }
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : String(cause)
    throw new RemitError('passkey_refused', 'this passkey cannot be enrolled; try again', { detail, cause })
  }
}

function readEnrolment(value: Json | undefined): RegistrationResponseJSON {
  const response = isJsonObject(value) ? value['response'] : undefined
  if (
    isJsonObject(value) &&
    typeof value['id'] === 'string' &&
    isJsonObject(response) &&
    typeof response['attestationObject'] === 'string'
  ) {
    return value as unknown as RegistrationResponseJSON
  }
  throw new RemitError('input_invalid', '`response` must be what the browser made of a new passkey')
}
