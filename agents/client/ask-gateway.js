// Asks the gateway about one hook: over the connection of the agent where it has one (`remit connect --agent`), else with
// the token of a task. For any Node from 18 on, and Bun; loads what it needs and nothing more.
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { exchange } from './exchange.js'
import { findSocket } from './find-socket.js'
import { agentFrom, commandOf } from './processes.js'

/** Begins the tokens of `remit run`: a box has one task, and background processes of its own. */
const BOX_TOKEN = 'remit_box_'

/** Seconds; Cline runs the tool after 120. */
const CLINE_WAITS = 100

/**
 * @param hook `payload`: bytes. `from`: the process to look for the agent from.
 * @returns status of the gateway and its words. @throws when nobody can be asked, or an answer cannot be trusted.
 */
export async function askGateway({ agent, payload, from, environ }) {
  const given = seconds(environ.REMIT_HOOK_DEADLINE)
  const deadline = agent === 'cline' ? Math.min(given, CLINE_WAITS) : given
  const gateway = environ.REMIT_GATEWAY_NAME || 'remit'
  if (!/^[A-Za-z0-9_.-]+$/.test(gateway)) {
    throw new Error('REMIT_GATEWAY_NAME must be the name of the gateway among the MCP servers of the agent')
  }
  const about = {
    agent,
    payload,
    deadline: deadline * 1000,
    fields: [
      'content-type: application/json',
      'remit-hook-form: command',
      `remit-hook-gateway: ${gateway}`,
      `remit-hook-deadline: ${deadline}`,
    ],
  }
  // Before any token: a variable may come from a file of the project, such as its `.env`.
  const socket = await findSocket(agent, environ, from)
  if (socket !== undefined) return askAtSocket(about, socket)
  if (agent === 'cline' && !environ.REMIT_TOKEN?.startsWith(BOX_TOKEN))
    await checkEnvironment(await agentFrom(from, environ))
  return askWithToken(about, environ)
}

/** Cline works in a background process from its second run on, which keeps the environment, and so the token, of its first. */
async function checkEnvironment(process) {
  if (process === undefined) return
  const run = await commandOf(process)
  if (run !== '' && !run.includes('--cline-hub-daemon')) return
  throw new Error(
    'the background process of Cline has the token of another run: start cline with CLINE_SESSION_BACKEND_MODE=local',
  )
}

async function askAtSocket({ payload, deadline, fields }, { agent, path, key }) {
  const { createHmac, randomBytes } = await import('node:crypto')
  const nonce = randomBytes(16).toString('hex')
  const { body } = await exchange({
    open: () => connect(path),
    head: [`POST /hooks/v1/${agent} HTTP/1.0`, 'host: localhost', `remit-hook-nonce: ${nonce}`, ...fields],
    body: payload,
    deadline,
  }).catch((cause) => {
    throw new Error('the connection of this agent to its gateway does not answer; start the agent anew', {
      cause,
    })
  })
  const [, mac, status, words] = /^([0-9a-f]{64})\n(\d{3})\n([^\n]*)$/.exec(body.toString('utf8')) ?? []
  const own = createHmac('sha256', key).update(`${nonce}\n${status}\n${words}\n`).update(payload)
  if (mac === undefined || own.digest('hex') !== mac) {
    throw new Error('what answers at the socket of this agent is not its connection')
  }
  return { status: Number(status), words }
}

async function askWithToken({ agent, payload, deadline, fields }, environ) {
  const token = tokenOf(environ)
  const url = new URL(environ.REMIT_AGENT_URL || 'http://127.0.0.1:7410')
  const open = await opener(url)
  const path = `${url.pathname.replace(/\/$/, '')}/hooks/v1/${agent}`
  const head = [`POST ${path} HTTP/1.0`, `host: ${url.host}`, `authorization: Bearer ${token}`, ...fields]
  const { status, body } = await exchange({ open, head, body: payload, deadline }).catch((cause) => {
    throw new Error(`the gateway at ${url.origin} does not answer`, { cause })
  })
  return { status, words: body.toString('utf8') }
}

async function opener({ protocol, hostname, port }) {
  const host = hostname.replace(/^\[(.*)\]$/, '$1')
  if (protocol === 'http:') return () => connect({ host, port: Number(port || 80) })
  if (protocol !== 'https:') throw new Error('REMIT_AGENT_URL must begin with http:// or https://')
  const tls = await import('node:tls')
  // A name is shown to the server; an address must not be.
  const servername = /^[\d.]+$|:/.test(host) ? undefined : host
  return () => tls.connect({ host, port: Number(port || 443), servername })
}

function tokenOf({ REMIT_TOKEN: token, REMIT_TOKEN_FILE: file }) {
  const found = token || (file ? readFileSync(file, 'utf8').trim() : '')
  if (found === '') {
    throw new Error(
      'no task: start `remit connect --agent <agent>` as a server of this agent, or set REMIT_TOKEN or REMIT_TOKEN_FILE to the token of one (`remit task create`)',
    )
  }
  if (!/^[A-Za-z0-9._~+/=-]+$/.test(found))
    throw new Error('the token of the task has characters that no token has')
  return found
}

function seconds(given) {
  const deadline = given ? Number(given) : 150
  if (Number.isInteger(deadline) && deadline > 0 && deadline <= 86400) return deadline
  throw new Error('REMIT_HOOK_DEADLINE must be a number of seconds')
}
