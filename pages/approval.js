// /approvals/<id>: shows and decides a request, for whoever is logged in.
import { BASE } from './base.js'
import { attempt, byId, element, localTimes, when } from './dom.js'
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

const STATES = {
  granted: 'was approved and may run once',
  refused: 'was refused',
  expired: 'was not decided in time',
  cancelled: 'was withdrawn',
  used: 'was approved and has run',
}

async function show() {
  const { approval } = await get(path)
  const call = `The call of ${approval.server}__${approval.tool}`
  const closed = /** @type {Record<string, string>} */ (STATES)[approval.state]
  byId('state').textContent = `${call} ${closed ?? `waits for a decision until ${when(approval.expires)}`}.`
  byId('state').hidden = false
  if (closed !== undefined) {
    byId('decision').remove()
    return
  }
  byId('prompt').textContent = approval.prompt
  for (const { scope, by, quorum, severity } of approval.gates) {
    const given = approval.votes.filter((/** @type {any} */ vote) => vote.gate === scope).length
    byId('gates').append(
      element('li', `${scope}: by ${by ?? 'an approver'}, ${given} of ${quorum} · ${severity} severity`),
    )
  }
  byId('for-task').hidden = approval.offer === undefined
  if (approval.offer !== undefined) showOffer(approval)
  byId('decision').hidden = false
}

/**
 * How far agreeing for the rest of the task goes, and what it would have covered.
 * @param {any} approval
 */
function showOffer({ offer, past }) {
  const until = when(offer.expires)
  const times =
    past === undefined ? '' : `: of the last ${past.looked} calls it would have covered ${past.times}`
  const others =
    past === undefined ? '' : `; ${past.elsewhere} of other tasks, which it does not cover, did the same`
  byId('past').textContent = `For the rest of the task, until ${until}${times}${others}.`
  byId('past').hidden = false
  for (const { wider } of offer.wider ?? []) {
    const before = past?.wider?.find((/** @type {any} */ each) => each.axis === wider.axis)
    const files =
      before === undefined || before.examples.length === 0 ? '' : ` (${before.examples.join(', ')})`
    const option = element('option', `${wider.text}; would have covered ${before?.times ?? 0}${files}`)
    option.setAttribute('value', wider.axis)
    byId('widen').append(option)
    byId('widening').hidden = false
  }
}

/** @param {boolean} forTask */
async function approve(forTask) {
  const comment = byId('comment').value.trim()
  const code = byId('code').value
  await withPasskey((assertion) =>
    post(`${path}/approve`, {
      ...(comment === '' ? {} : { comment }),
      ...(forTask ? { grant: 'task' } : {}),
      ...(forTask && byId('widen').value !== '' ? { widen: byId('widen').value } : {}),
      ...(assertion === undefined ? (code === '' ? {} : { stepUp: { code } }) : { stepUp: { assertion } }),
    }),
  )
}

async function refuse() {
  await post(`${path}/refuse`, { reason: byId('comment').value.trim() || 'refused in the browser' })
}
