// The box with which somebody logs in, on every page that has it.
import { attempt, byId } from './dom.js'
import { usePasskey } from './passkey.js'
import { keepKey, newKey, publicHalf } from './request-key.js'
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

/** @param {() => void} done */
export function watchLogin(done) {
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
