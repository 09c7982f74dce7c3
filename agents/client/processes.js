// Which process is the agent: the nearest above that does not merely start others. `bin/remit-hook` and
// `src/server/hook-socket/agent-process.ts` climb by the same rule.
import { existsSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'

const STARTERS =
  /^(?:sh|bash|dash|ash|zsh|fish|ksh|mksh|busybox|remit-hook|env|timeout|nice|nohup|(?:npm|npx)(?: .*)?)$/
const FOSTERERS = /^(?:init|systemd|launchd|tini|dumb-init|docker-init|catatonit|runit|supervisord)$/

/** `pid.started` of the agent, from a process on; undefined = it cannot be told. */
export async function agentFrom(pid, environ) {
  for (let at = pid; at > 1;) {
    const { parent, name, started } = (await status(at)) ?? {}
    if (name === undefined || FOSTERERS.test(name)) return undefined
    if (!STARTERS.test(name) && environ.REMIT_LAUNCHER !== String(at)) return `${at}.${started}`
    at = parent
  }
  return undefined
}

/** The command line with which the agent `pid.started` was begun; empty = it cannot be told. */
export async function commandOf(agent) {
  const pid = agent.split('.')[0]
  try {
    if (existsSync('/proc/self/cmdline'))
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
    const { execFileSync } = await import('node:child_process')
    return execFileSync('ps', ['-ww', '-o', 'args=', '-p', pid], { encoding: 'utf8' })
  } catch {
    return ''
  }
}

async function status(pid) {
  try {
    return existsSync('/proc/self/stat') ? fromProc(pid) : await fromPs(pid)
  } catch {
    return undefined
  }
}

function fromProc(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  // The name, in parentheses, may hold anything.
  const end = stat.lastIndexOf(')')
  const words = stat.slice(end + 2).split(' ')
  return { parent: Number(words[1]), name: stat.slice(stat.indexOf('(') + 1, end), started: words[19] }
}

async function fromPs(pid) {
  const { execFileSync } = await import('node:child_process')
  const fields = ['-ww', '-o', 'ppid=', '-o', 'lstart=', '-o', 'comm=', '-p', String(pid)]
  const env = { ...process.env, LC_ALL: 'C', TZ: 'UTC' }
  const line = execFileSync('ps', fields, { encoding: 'utf8', env, stdio: ['ignore', 'pipe', 'ignore'] })
  const [parent, ...words] = line.trim().split(/\s+/)
  return {
    parent: Number(parent),
    name: basename(words.slice(5).join(' ')),
    started: words.slice(0, 5).join('-'),
  }
}
