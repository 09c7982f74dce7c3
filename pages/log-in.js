// The box with which somebody logs in, on every page that has it.
import { BASE } from './base.js'
import { attempt, byId } from './dom.js'
import { usePasskey } from './passkey.js'
import { keepKey, newKey, publicHalf, TRIP } from './request-key.js'
import { post } from './send.js'

/**
 * A new key with every login, kept only once the gateway has taken it.
 * @param {string} path
 * @param {Record<string, unknown>} fields
 */
export async function begin(path, fields) {
  const pair = await newKey()
  await post(path, { ...fields, key: await publicHalf(pair) }, pair)
  await keepKey(pair)
}

/** Where this tab goes on after a trip to a provider; of this very tab, so that no link can say it. */
export const AFTER = `remit after ${BASE}`

/** The trip's key stays in this browser: only here can the login be finished. @param {string} provider @param {string} after */
async function goTo(provider, after) {
  const pair = await newKey()
  const { url } = await post('/login/oidc/start', { provider, key: await publicHalf(pair) }, pair)
  await keepKey(pair, TRIP)
  sessionStorage.setItem(AFTER, after)
  location.assign(url)
}

/**
 * @param {() => void} done
 * @param {() => string} [after] path below the plane; default this page
 */
export function watchLogin(done, after = () => location.pathname.slice(BASE.length) + location.search) {
  for (const button of document.querySelectorAll('button.provider')) {
    const name = button.getAttribute('data-provider') ?? ''
    button.addEventListener('click', () => attempt('login-problem', () => goTo(name, after())))
  }
  byId('use-passkey').addEventListener('click', () =>
    attempt('login-problem', async () => {
      const { options } = await post('/login/passkey/options', {}, await newKey())
      await begin('/login/passkey', { response: await usePasskey(options) })
      done()
    }),
  )
  byId('code-form').addEventListener('submit', (/** @type {SubmitEvent} */ event) => {
    event.preventDefault()
    attempt('login-problem', async () => {
      await begin('/login/code', { code: byId('code').value })
      byId('code').value = ''
      done()
    })
  })
}
