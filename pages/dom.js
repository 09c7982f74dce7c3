// Text only ever goes in as text.

/** @param {string} id @returns {any} */
export function byId(id) {
  return document.getElementById(id)
}

/** @param {string} id @param {string | undefined} message undefined = nothing to say */
export function say(id, message) {
  const place = byId(id)
  place.textContent = message === undefined ? '' : sentence(message)
  place.hidden = message === undefined
  if (message !== undefined) place.scrollIntoView({ block: 'nearest' })
}

/** @param {string} message */
function sentence(message) {
  return `${message.slice(0, 1).toUpperCase()}${message.slice(1)}.`
}

/**
 * Runs one thing at a time, and shows what went wrong.
 * @param {string} problem id of the place for it
 * @param {() => Promise<unknown>} work
 */
export function attempt(problem, work) {
  void run(problem, work)
}

/** @param {string} problem @param {() => Promise<unknown>} work */
async function run(problem, work) {
  if (document.body.ariaBusy === 'true') return
  document.body.ariaBusy = 'true'
  const buttons = [...document.querySelectorAll('button')].filter((button) => !button.disabled)
  for (const button of buttons) button.disabled = true
  say(problem, undefined)
  try {
    await work()
  } catch (error) {
    say(problem, error instanceof Error ? error.message : String(error))
  } finally {
    document.body.ariaBusy = 'false'
    for (const button of buttons) button.disabled = false
  }
}

/**
 * @param {string} tag
 * @param {string} text
 * @param {Record<string, string>} [attributes]
 */
export function element(tag, text, attributes = {}) {
  const made = document.createElement(tag)
  made.textContent = text
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value)
  return made
}

/** Times that came with the page, by the clock of whoever reads it. */
export function localTimes() {
  for (const time of document.querySelectorAll('time')) time.textContent = when(Date.parse(time.dateTime))
}

/** @param {number} at milliseconds since the epoch */
export function when(at) {
  return at === 0
    ? 'never'
    : new Date(at).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' })
}
