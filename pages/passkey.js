// Asks the human’s authenticator.
import { Refused } from './send.js'

/** @param {any} options as the gateway made them @returns {Promise<any>} what goes back to it */
export async function newPasskey(options) {
  const publicKey = supported().parseCreationOptionsFromJSON(options)
  return told(() => navigator.credentials.create({ publicKey }))
}

/** @param {any} options @returns {Promise<any>} */
export async function usePasskey(options) {
  const publicKey = supported().parseRequestOptionsFromJSON(options)
  return told(() => navigator.credentials.get({ publicKey }))
}

function supported() {
  if ('PublicKeyCredential' in globalThis && 'parseRequestOptionsFromJSON' in PublicKeyCredential) {
    return PublicKeyCredential
  }
  throw new Refused({
    code: 'passkey_refused',
    message: 'this browser has no passkeys here; use a newer one',
  })
}

/** @param {() => Promise<Credential | null>} ask */
async function told(ask) {
  try {
    const credential = /** @type {any} */ (await ask())
    return credential.toJSON()
  } catch (error) {
    const name = error instanceof Error ? error.name : ''
    const message =
      name === 'InvalidStateError'
        ? 'this authenticator has a passkey of yours already'
        : 'no passkey was used: it was cancelled, took too long, or there is none here'
    throw new Refused({ code: 'passkey_refused', message })
  }
}
