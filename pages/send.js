// Sends requests with an HTTP message signature (RFC 9421), as the gateway wants them of a session.
import { BASE } from './base.js'
import { keptKey } from './request-key.js'

/** What the gateway answered instead of doing it. */
export class Refused extends Error {
  /** @param {{ code: string, message: string, data?: any }} error */
  constructor(error) {
    super(error.message)
    this.code = error.code
    this.data = error.data ?? {}
  }
}

// The gateway’s clock rules; this page was made at the time that it says.
const made = Number(document.querySelector('meta[name=remit-now]')?.getAttribute('content') ?? 0)
const ahead = made - Date.now()

/**
 * @param {string} path of this origin
 * @param {unknown} [body] sent as JSON
 * @param {CryptoKeyPair} [key] default the one of the session
 */
export function post(path, body = {}, key) {
  return send('POST', path, { text: JSON.stringify(body), type: 'application/json', key })
}

/** @param {string} path */
export function get(path) {
  return send('GET', path, { text: '', type: undefined, key: undefined })
}

/** @param {string} path @param {URLSearchParams} form */
export function postForm(path, form) {
  return send('POST', path, {
    text: form.toString(),
    type: 'application/x-www-form-urlencoded',
    key: undefined,
  })
}

/**
 * An answer that goes on, to be read as it comes.
 * @param {string} path
 * @param {AbortSignal} signal
 */
export function open(path, signal) {
  return ask('GET', path, { text: '', type: undefined, key: undefined, signal })
}

/**
 * @typedef {{ text: string, type: string | undefined, key: CryptoKeyPair | undefined, signal?: AbortSignal }} What
 * @param {string} method
 * @param {string} path
 * @param {What} what
 * @returns {Promise<any>} @throws {Refused}
 */
async function send(method, path, what) {
  const answer = await ask(method, path, what)
  return answer.json()
}

/**
 * @param {string} method
 * @param {string} path
 * @param {What} what
 * @returns {Promise<Response>} @throws {Refused}
 */
async function ask(method, path, { text, type, key, signal }) {
  const url = new URL(BASE + path, location.origin)
  const pair = key ?? (await keptKey())
  if (pair === undefined) {
    throw new Refused({
      code: 'login_needed',
      message: 'this browser has no key of the session; log in again',
    })
  }
  const headers = await signed(method, url, new TextEncoder().encode(text), pair.privateKey)
  const answer = await fetch(url, {
    method,
    headers: {
      ...headers,
      accept: 'application/json',
      ...(type === undefined ? {} : { 'content-type': type }),
    },
    ...(method === 'GET' ? {} : { body: text }),
    ...(signal === undefined ? {} : { signal }),
    redirect: 'error',
  }).catch(() => {
    throw new Refused({ code: 'unreachable', message: 'the gateway does not answer; is it running?' })
  })
  if (!answer.ok) throw new Refused((await answer.json()).error)
  return answer
}

/**
 * @param {string} method
 * @param {URL} url
 * @param {Uint8Array<ArrayBuffer>} body
 * @param {CryptoKey} key
 */
async function signed(method, url, body, key) {
  const digest = `sha-256=:${base64(await crypto.subtle.digest('SHA-256', body))}:`
  const created = Math.floor((Date.now() + ahead) / 1000)
  const nonce = base64(crypto.getRandomValues(new Uint8Array(16)).buffer)
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
  const parameters = `("@method" "@authority" "@path" "@query" "content-digest");created=${created};nonce="${nonce}";alg="ecdsa-p256-sha256"`
  const base = [
    `"@method": ${method}`,
    `"@authority": ${url.host}`,
    `"@path": ${url.pathname}`,
    `"@query": ${url.search === '' ? '?' : url.search}`,
    `"content-digest": ${digest}`,
    `"@signature-params": ${parameters}`,
  ].join('\n')
  const signature = await crypto.subtle.sign(
    { name: 'ECDSA', hash: 'SHA-256' },
    key,
    new TextEncoder().encode(base),
  )
  return {
    'content-digest': digest,
    'signature-input': `remit=${parameters}`,
    signature: `remit=:${base64(signature)}:`,
  }
}

/** @param {ArrayBuffer} bytes */
function base64(bytes) {
  return btoa(String.fromCharCode(...new Uint8Array(bytes)))
}
