import type { AuthenticationResponseJSON } from '@simplewebauthn/server'
import type { Assertion } from '../core/assertion.ts'
import type { Change } from '../core/change.ts'
import { RemitError } from '../core/errors.ts'
import { isJsonObject, type Json } from '../core/json.ts'
import { challengeBinds, type ChallengePurpose, openChallenge } from './challenge.ts'
import { spend } from './entries.ts'
import type { LoginDeps } from './login-deps.ts'
import type { Passkey } from './passkey.ts'
import { relyingParty } from './relying-party.ts'

/**
 * Checks an answer of a passkey (WebAuthn section 7.2): by this passkey, for this host, from a page of this origin,
 * for this challenge, with the human verified, and with a counter that has grown where the passkey counts: one
 * that has not is a copy.
 * @throws RemitError `passkey_refused`.
 */
export async function verifyAssertion(
  deps: LoginDeps,
  given: {
    readonly answer: AuthenticationResponseJSON
    readonly passkey: Passkey
    readonly asked: ChallengePurpose
  },
): Promise<{ readonly counter: number; readonly spent: readonly Change[] }> {
  const { answer, passkey, asked } = given
  const { id: rpId, origin } = relyingParty(deps.adminUrl)
  let spent: readonly Change[] = []
  const counter = await checkSignature(answer, {
    ...passkey,
    rpId,
    origin,
    challenge: (challenge) => {
      const end = openChallenge(deps, challenge, asked)
      if (end !== undefined) spent = spend(deps, `challenge\n${challenge}`, end)
      return end !== undefined
    },
  })
  return { counter, spent }
}

/**
 * Checks what was kept with a decision, years later and without the gateway: that this passkey signed under what has
 * this digest, on a page of this origin, with its human verified. Whose passkey it was, `passkey.added` says.
 */
export async function verifyKeptAssertion(kept: Assertion, digest: string): Promise<boolean> {
  if (kept.digest !== digest) return false
  const { credential: id, authenticatorData, clientDataJSON, signature } = kept
  const response = { authenticatorData, clientDataJSON, signature }
  const answer = { id, rawId: id, type: 'public-key', clientExtensionResults: {}, response } as const
  const challenge = (text: string): boolean => challengeBinds(text, { purpose: 'step-up', subject: digest })
  try {
    await checkSignature(answer, { ...kept, counter: 0, challenge })
    return true
  } catch {
    return false
  }
}

async function checkSignature(
  response: AuthenticationResponseJSON,
  expected: {
    readonly credential: string
    readonly publicKey: string
    readonly counter: number
    readonly rpId: string
    readonly origin: string
    readonly challenge: (text: string) => boolean
  },
): Promise<number> {
  const { verifyAuthenticationResponse } = await import('@simplewebauthn/server')
  const { credential: id, publicKey, counter, rpId, origin, challenge } = expected
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response,
      expectedChallenge: challenge,
      expectedOrigin: origin,
      expectedRPID: rpId,
      requireUserVerification: true,
      credential: { id, publicKey: new Uint8Array(Buffer.from(publicKey, 'base64url')), counter },
    })
    if (!verified) throw new Error('the signature is wrong')
    return authenticationInfo.newCounter
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : String(cause)
    throw new RemitError('passkey_refused', 'this passkey was not accepted; try again', { detail, cause })
  }
}

/** @throws RemitError `input_invalid`. */
export function readAssertion(value: Json | undefined): AuthenticationResponseJSON {
  const response = isJsonObject(value) ? value['response'] : undefined
  const texts = isJsonObject(response)
    ? [response['authenticatorData'], response['clientDataJSON'], response['signature']]
    : []
  if (
    isJsonObject(value) &&
    typeof value['id'] === 'string' &&
    texts.length === 3 &&
    texts.every((text) => typeof text === 'string')
  ) {
    return value as unknown as AuthenticationResponseJSON
  }
  throw new RemitError('input_invalid', '`response` must be what the browser answered with a passkey')
}
