// /login/returned: finishes the login of a browser that came back from a provider.
import { BASE } from './base.js'
import { byId, say } from './dom.js'
import { AFTER } from './log-in.js'
import { forgetKey, keepKey, keptKey, publicHalf, TRIP } from './request-key.js'
import { Refused, post } from './send.js'

try {
  await finish()
} catch (error) {
  byId('returned').hidden = true
  byId('again-link').href = `${BASE}/login`
  byId('again').hidden = false
  say('returned-problem', error instanceof Error ? error.message : String(error))
}

async function finish() {
  const pair = await keptKey(TRIP)
  if (pair === undefined) {
    throw new Refused({ code: 'login_closed', message: 'this browser has begun no login; start again' })
  }
  await forgetKey(TRIP)
  await post('/login/oidc/finish', { key: await publicHalf(pair) }, pair)
  await keepKey(pair)
  location.replace(BASE + after())
}

function after() {
  const kept = sessionStorage.getItem(AFTER) ?? ''
  sessionStorage.removeItem(AFTER)
  return /^\/(?![/\\])/.test(kept) ? kept : '/login'
}
