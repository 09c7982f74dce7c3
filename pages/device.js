// /device: where people type the code that their terminal shows.
import { attempt, byId } from './dom.js'
import { watchLogin } from './log-in.js'
import { postForm } from './send.js'

if (byId('login') !== null) watchLogin(() => location.reload())
byId('device')?.addEventListener('submit', (/** @type {SubmitEvent} */ event) => {
  event.preventDefault()
  attempt('device-problem', async () => {
    const fields = new URLSearchParams({ user_code: byId('user_code').value })
    const { next } = await postForm('/device', fields)
    location.assign(next)
  })
})
