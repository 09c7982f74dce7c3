// Finds the socket that `remit connect --agent` opened for the agent that this hook belongs to.
import { lstatSync, readdirSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { agentFrom } from './processes.js'

/** First line of a registration (`src/server/hook-socket/registration.ts`). */
const FORMAT = 'remit-hook-socket 1'

/** Agents that run the hooks of Claude Code beside their own. */
const ALSO_RUN_THEM = ['cursor', 'devin']

/**
 * @param from the process to begin at: the agent itself, or what it started.
 * @returns the socket, the key of its answers, and the agent whose connection it is, where that runs the hooks of this one;
 * undefined = the agent has no connection.
 * @throws when it has several, or one that others could have made.
 */
export async function findSocket(agent, environ, from) {
  const process_ = await agentFrom(from, environ)
  if (process_ === undefined) return undefined
  const own = socketOf(agent.replace(/-defer$/, ''), environ, process_)
  if (own !== undefined || agent !== 'claude-code') return own && { ...own, agent }
  for (const other of ALSO_RUN_THEM) {
    const found = socketOf(other, environ, process_)
    if (found !== undefined) return { ...found, agent: other }
  }
  return undefined
}

function socketOf(agent, environ, process_) {
  const found = folders(environ).flatMap((folder) => registrations(folder, process_, agent))
  const tasks = new Set(found.map(({ task }) => task))
  if (tasks.size > 1) throw new Error('this agent has connections for several tasks; end all but one')
  return found.length === 0 ? undefined : read(found[0], process_)
}

function folders({ XDG_RUNTIME_DIR: runtime, XDG_STATE_HOME: state, HOME: home }) {
  const bases = [runtime, state, join(home || homedir(), '.local', 'state')]
  return [...new Set(bases.filter(Boolean).map((base) => join(base, 'remit', 'hooks')))]
}

function registrations(folder, process_, agent) {
  const place = join(folder, process_)
  let names
  try {
    names = readdirSync(place)
  } catch {
    return []
  }
  for (const path of [folder, place]) own(path, (stat) => stat.isDirectory())
  return names.flatMap((name) => {
    const [kind, task, , ending] = name.split('.')
    return kind === agent && ending === 'key' ? [{ folder, task, file: join(place, name) }] : []
  })
}

function read({ folder, file }, process_) {
  own(file, (stat) => stat.isFile())
  const [format, of, socket, key] = readFileSync(file, 'utf8').split('\n')
  if (format !== FORMAT || of !== process_ || !/^\d+\.[0-9a-f]+\.sock$/.test(socket)) {
    throw new Error(`\`${file}\` is no connection of this agent; remove it and start the agent anew`)
  }
  return { path: join(folder, socket), key: Buffer.from(key, 'hex') }
}

function own(path, kind) {
  const stat = lstatSync(path)
  if (!kind(stat) || stat.uid !== process.getuid() || (stat.mode & 0o077) !== 0) {
    throw new Error(`\`${path}\` is not yours alone; remove it and start the agent anew`)
  }
}
