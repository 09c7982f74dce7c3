// The key that signs what this page sends. Its private half cannot be read by anybody, this script included, and the
// browser gives it to pages of this origin (host and port) only.

import { BASE } from './base.js'

const DATABASE = 'remit'
const STORE = 'keys'
// Tenants that share a host have a key each.
const SESSION = `session ${BASE}`
/** Of a login on its way to a provider and back. */
export const TRIP = `trip ${BASE}`
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256' }

/** @returns {Promise<CryptoKeyPair>} */
export function newKey() {
  return crypto.subtle.generateKey(ALGORITHM, false, ['sign', 'verify'])
}

/** The public half, as the gateway keeps it. @param {CryptoKeyPair} pair */
export async function publicHalf(pair) {
  const { kty, crv, x, y } = await crypto.subtle.exportKey('jwk', pair.publicKey)
  return { kty, crv, x, y }
}

/** @param {CryptoKeyPair} pair @param {string} [slot] default the key of the session */
export async function keepKey(pair, slot = SESSION) {
  await inStore('readwrite', (store) => store.put(pair, slot))
}

/** @param {string} [slot] @returns {Promise<CryptoKeyPair | undefined>} */
export function keptKey(slot = SESSION) {
  return inStore('readonly', (store) => store.get(slot))
}

/** @param {string} [slot] */
export async function forgetKey(slot = SESSION) {
  await inStore('readwrite', (store) => store.delete(slot))
}

/**
 * @param {IDBTransactionMode} mode
 * @param {(store: IDBObjectStore) => IDBRequest} ask
 * @returns {Promise<any>}
 */
async function inStore(mode, ask) {
  const database = await answerOf(openDatabase())
  try {
    return await answerOf(ask(database.transaction(STORE, mode).objectStore(STORE)))
  } finally {
    database.close()
  }
}

function openDatabase() {
  const opening = indexedDB.open(DATABASE, 1)
  opening.addEventListener('upgradeneeded', () => opening.result.createObjectStore(STORE))
  return opening
}

/**
 * @param {IDBRequest} request
 * @returns {Promise<any>}
 */
function answerOf(request) {
  return new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result))
    request.addEventListener('error', () => reject(request.error))
  })
}
