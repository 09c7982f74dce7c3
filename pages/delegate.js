// /delegate/<request>: the page on which a human gives a task away.
import { BASE } from './base.js'
import { attempt, byId } from './dom.js'
import { watchLogin } from './log-in.js'
import { postForm } from './send.js'
import { withPasskey } from './step-up.js'

const form = byId('delegation')
if (form === null) {
  if (byId('login') !== null) watchLogin(() => location.reload())
} else {
  byId('workflow').addEventListener('change', showChosen)
  showChosen()
  form.addEventListener('submit', (/** @type {SubmitEvent} */ event) => {
    event.preventDefault()
    const fields = new FormData(form, event.submitter)
    attempt('delegation-problem', async () => {
      const { next } = await withPasskey((assertion) => {
        const body = new URLSearchParams(/** @type {any} */ (fields))
        if (assertion !== undefined) body.set('assertion', JSON.stringify(assertion))
        return postForm(location.pathname.slice(BASE.length), body)
      })
      location.assign(next)
    })
  })
}

/** What the chosen kind of work gives stands below it. */
function showChosen() {
  for (const section of document.querySelectorAll('section.gives')) {
    section.toggleAttribute('hidden', section.getAttribute('data-workflow') !== byId('workflow').value)
  }
}
