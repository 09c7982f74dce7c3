// `remit hook <agent>`: what `bin/remit-hook` does, on Node alone. Whatever is not clearly allowed ends with exit code 2.
const agent = process.argv.at(-1) ?? ''
process.exitCode = 2
process.on('uncaughtException', refuse)
process.on('unhandledRejection', refuse)
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, refuse)

try {
  await run()
} catch (thrown) {
  refuse(thrown)
}

async function run() {
  if (!/^[a-z0-9-]+$/.test(agent))
    throw new Error('usage: remit hook <agent>, with the payload of the hook on stdin')
  const { askGateway } = await import('./client/ask-gateway.js')
  const payload = await stdin()
  const { status, words } = await askGateway({ agent, payload, from: process.ppid, environ: process.env })
  if (status === 403) throw new Error(words.trim())
  if (status !== 200) throw new Error(`the gateway answered ${status}: ${words.trim()}`)
  process.stdout.write(words === '' ? '' : `${words.trimEnd()}\n`, () => process.exit(0))
}

async function stdin() {
  const chunks = []
  for await (const chunk of process.stdin) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** What is said on stdout beside exit code 2: Cline reads nothing else, and Copilot CLI takes its reason from there. */
function aloud(words) {
  if (agent === 'cline') return { cancel: true, errorMessage: words }
  if (agent === 'copilot-cli') return { permissionDecision: 'deny', permissionDecisionReason: words }
  return undefined
}

/** Agents take this exit code for a no, and Cline none at all. */
function refuse(thrown) {
  const words = `remit: ${thrown?.message ?? 'the hook failed'}`
  const said = aloud(words)
  if (said !== undefined) process.stdout.write(`${JSON.stringify(said)}\n`)
  process.stderr.write(`${words}\n`, () => process.exit(2))
}
