// /approvals/<id>: shows and decides a request, for whoever is logged in.
import { BASE } from './base.js'
import { attempt, byId, element, localTimes } from './dom.js'
import { watchLogin } from './log-in.js'
import { get, post } from './send.js'
import { withPasskey } from './step-up.js'

const path = location.pathname.slice(BASE.length)

localTimes()
if (byId('login') !== null) watchLogin(() => location.reload())
if (byId('decision') !== null) {
  attempt('decision-problem', show)
  byId('decision').addEventListener('submit', (/** @type {SubmitEvent} */ event) => {
    event.preventDefault()
    const button = /** @type {HTMLButtonElement} */ (event.submitter)
    attempt('decision-problem', async () => {
      if (button.value === 'refuse') await refuse()
      else await approve(button.value === 'task')
      location.reload()
    })
  })
}

async function show() {
  const { approval } = await get(path)
  byId('prompt').textContent = approval.prompt
  for (const { scope, by, quorum, severity } of approval.gates) {
    const given = approval.votes.filter((/** @type {any} */ vote) => vote.gate === scope).length
    byId('gates').append(
      element('li', `${scope}: by ${by ?? 'an approver'}, ${given} of ${quorum} · ${severity} severity`),
    )
  }
  byId('for-task').hidden = approval.offer === undefined
  byId('decision').hidden = false
}

/** @param {boolean} forTask */
async function approve(forTask) {
  const comment = byId('comment').value.trim()
  const code = byId('code').value
  await withPasskey((assertion) =>
    post(`${path}/approve`, {
      ...(comment === '' ? {} : { comment }),
      ...(forTask ? { grant: 'task' } : {}),
      ...(assertion === undefined ? (code === '' ? {} : { stepUp: { code } }) : { stepUp: { assertion } }),
    }),
  )
}

async function refuse() {
  await post(`${path}/refuse`, { reason: byId('comment').value.trim() || 'refused in the browser' })
}
