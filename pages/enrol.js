// /enrol#secret: the first passkey of somebody who was given a link.
import { BASE } from './base.js'
import { attempt, byId, say } from './dom.js'
import { begin } from './log-in.js'
import { newPasskey } from './passkey.js'
import { newKey } from './request-key.js'
import { post } from './send.js'

// Out of the address at once, so that it is neither shown nor kept with the page.
const secret = location.hash.slice(1)
history.replaceState(null, '', location.pathname)

if (secret === '') {
  byId('enrol-form').hidden = true
  say('enrol-problem', 'this link is not whole; open it again as it was given to you')
}

byId('enrol-form').addEventListener('submit', (/** @type {SubmitEvent} */ event) => {
  event.preventDefault()
  attempt('enrol-problem', async () => {
    const { options } = await post('/enrol/options', { secret }, await newKey())
    const response = await newPasskey(options)
    await begin('/enrol/finish', { secret, response, name: byId('passkey-name').value })
    location.assign(`${BASE}/login`)
  })
})
