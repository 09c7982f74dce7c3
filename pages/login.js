// /login: the box, or one’s own account.
import { BASE } from './base.js'
import { attempt, byId, element, say, when } from './dom.js'
import { watchLogin } from './log-in.js'
import { newPasskey } from './passkey.js'
import { forgetKey } from './request-key.js'
import { post } from './send.js'

if (byId('login') === null) startAccount()
else watchLogin(() => location.assign(BASE + next()), next)

/** Where they were going: a screen of the console, or their account. */
function next() {
  const wanted = new URLSearchParams(location.search).get('next') ?? ''
  return /^\/console\/[\w/-]*$/.test(wanted) ? wanted : '/login'
}

function startAccount() {
  byId('to-console').href = `${BASE}/console/`
  byId('log-out').addEventListener('click', () => attempt('account-problem', logOut))
  onSubmit('enrol-form', async () => {
    const { options } = await post('/login/passkeys/options')
    await post('/login/passkeys/add', {
      response: await newPasskey(options),
      name: byId('passkey-name').value,
    })
    byId('passkey-name').value = ''
    say('notice', 'the passkey is enrolled')
    await show()
  })
  onSubmit('invite-form', async () => {
    const { link } = await post('/login/invite', {
      human: byId('invited').value,
      recover: byId('recover').checked,
    })
    byId('link').textContent = link
    byId('link').hidden = false
  })
  attempt('account-problem', async () => {
    try {
      await show()
    } catch (error) {
      offerLogin()
      throw error
    }
  })
}

/** The cookie names a session whose key this browser does not have: it can only be given up. */
function offerLogin() {
  const button = element('button', 'Log in again', { type: 'button', class: 'main' })
  button.addEventListener('click', () =>
    attempt('account-problem', async () => {
      await forgetKey()
      location.assign(`${BASE}/login?again`)
    }),
  )
  byId('account-problem').after(button)
}

/** @param {string} id @param {() => Promise<void>} work */
function onSubmit(id, work) {
  byId(id).addEventListener('submit', (/** @type {SubmitEvent} */ event) => {
    event.preventDefault()
    say('notice', undefined)
    attempt('account-problem', work)
  })
}

async function logOut() {
  await post('/login/out')
  await forgetKey()
  location.assign(`${BASE}/login`)
}

async function show() {
  const me = await post('/login/me')
  const list = (/** @type {string[]} */ words) => (words.length === 0 ? 'none' : words.join(', '))
  byId('roles').textContent = `Roles: ${list(me.roles)}. Teams: ${list(me.teams)}.`
  say('recovery', me.recovery === undefined ? undefined : recoveryWords(me.recovery))
  byId('passkeys').replaceChildren(...me.passkeys.map(passkeyRow))
  if (me.passkeys.length === 0) {
    byId('passkeys').append(element('li', 'None yet. Add one: it is safer than a code, and quicker.'))
  }
  byId('sessions').replaceChildren(...me.sessions.toReversed().map(sessionRow))
  byId('invite').hidden = !me.mayInvite
  const { people } = me.mayInvite ? await post('/login/people') : { people: [] }
  byId('linked').replaceChildren(...people.map(personRow))
  byId('people').hidden = people.length === 0
  byId('account').hidden = false
}

/** What somebody is told whose passkeys a link of an admin could replace. @param {any} recovery */
function recoveryWords({ by, made, state }) {
  const link = `a link that ${by} made ${when(made)}`
  if (state === 'used')
    return `Your passkeys were replaced with ${link}. If that was not you, tell an admin at once`
  const could = `Your passkeys could be replaced with ${link}.`
  return state === 'void'
    ? `${could} It is void since you logged in with one`
    : `${could} If you did not ask for it, log out and in again with your passkey: that makes it void`
}

/** @param {any} passkey */
function passkeyRow({ id, name, created, used, backedUp }) {
  const synced = backedUp ? ' · copied to other devices by its provider' : ''
  const row = rowOf(
    name,
    `made ${when(created)} · ${used === 0 ? 'never used' : `used ${when(used)}`}${synced}`,
  )
  const actions = element('span', '', { class: 'actions' })
  actions.append(
    action('Rename', `Rename ${name}`, async () => {
      const next = prompt('Name of this passkey', name)
      if (next !== null) await post('/login/passkeys/rename', { id, name: next })
    }),
    action('Remove', `Remove ${name}`, async () => {
      if (confirm(`Remove “${name}”? It never logs you in again.`))
        await post('/login/passkeys/remove', { id })
    }),
  )
  row.append(actions)
  return row
}

/** @type {Record<string, string>} */
const METHODS = {
  code: 'with an approver code',
  passkey: 'with a passkey',
  link: 'with a link',
  oidc: 'with a provider',
}

/** @param {any} session */
function sessionRow({ id, method, browser, began, seen, current }) {
  const title = `${shortBrowser(browser)}${current ? ' · this browser' : ''}`
  const row = rowOf(title, `${METHODS[method] ?? method}, ${when(began)} · last seen ${when(seen)}`)
  if (!current)
    row.append(action('End', `End the session in ${title}`, () => post('/login/sessions/end', { id })))
  return row
}

/** @param {any} person */
function personRow({ human, provider, adopted, teams, roles, until, known }) {
  const worth = [...teams, ...roles].join(', ') || 'nothing'
  const end = `${known ? 'until' : 'not known any more since'} ${when(until ?? 0)}`
  const row = rowOf(human, `${provider} · ${worth} · ${adopted ? 'as the configuration says' : end}`)
  row.append(
    action('Unlink', `Unlink ${human}`, async () => {
      if (
        confirm(
          `Unlink “${human}”? Their sessions and tasks end, they are disconnected from servers, and the next account with the name gets it.`,
        )
      )
        await post('/login/people/unlink', { human })
    }),
  )
  return row
}

/** @param {string} agent a `User-Agent` */
function shortBrowser(agent) {
  const name = /(Firefox|Edg|Chrome|Safari)\/[\d.]+/.exec(agent)?.[1]
  const system = /(Windows|Mac OS X|Android|iPhone|iPad|Linux)/.exec(agent)?.[1]
  return (
    [name === 'Edg' ? 'Edge' : name, system].filter(Boolean).join(' on ') || agent.slice(0, 60) || 'unknown'
  )
}

/** @param {string} title @param {string} words */
function rowOf(title, words) {
  const row = document.createElement('li')
  const text = document.createElement('div')
  text.append(element('b', title), document.createElement('br'), element('span', words, { class: 'quiet' }))
  row.append(text)
  return row
}

/** @param {string} words @param {string} label @param {() => Promise<unknown>} work */
function action(words, label, work) {
  const button = element('button', words, { type: 'button', class: 'small', 'aria-label': label })
  button.addEventListener('click', () =>
    attempt('account-problem', async () => {
      await work()
      await show()
    }),
  )
  return button
}
