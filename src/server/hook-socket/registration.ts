import { mkdirSync, readdirSync, readFileSync, rmSync, rmdirSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { processStatus } from '../process-status.ts'
import { writePrivateFile } from '../private-file.ts'
import type { AgentProcess } from './agent-process.ts'
import type { AnswerKey } from './answer-key.ts'

/** First line of a registration; clients refuse another. */
const FORMAT = 'remit-hook-socket 1'
const ENDING = '.key'
/** Milliseconds in which a socket takes a connection, if anybody is there. */
const PATIENCE = 1_000

export interface Registration {
  readonly folder: string
  readonly process: AgentProcess
  /** The agent's kind: `claude-code`. */
  readonly agent: string
  /** Connections of the same task have the same: hex. Hooks take any of those, and none where there are others. */
  readonly task: string
  /** Name of the socket in the folder. */
  readonly socket: string
  readonly key: AnswerKey
}

/**
 * Lets the hooks of an agent find its socket: a file, readable by the user alone, named by agent, task and this process, in
 * a folder named by the agent's process.
 * @returns takes it back.
 */
export function register(of: Registration): () => void {
  const name = `${of.process.pid}.${of.process.started}`
  const place = join(of.folder, name)
  const file = join(place, `${of.agent}.${of.task}.${process.pid}${ENDING}`)
  const text = `${[FORMAT, name, of.socket, ...of.key.lines()].join('\n')}\n`
  try {
    write(place, file, text)
  } catch (thrown) {
    // Another connection may just have tidied the empty folder away.
    if ((thrown as NodeJS.ErrnoException).code !== 'ENOENT') throw thrown
    write(place, file, text)
  }
  return () => {
    rmSync(file, { force: true })
    removeEmpty(place)
  }
}

function write(place: string, file: string, text: string): void {
  mkdirSync(place, { recursive: true, mode: 0o700 })
  writePrivateFile(file, text)
}

/** Removes what connections left that did not end by themselves: killed, or before a restart of the machine. */
export async function removeStale(folder: string): Promise<void> {
  const kept = new Set<string>()
  for (const name of readdirSync(folder)) {
    const [, pid = '', started = ''] = /^(\d+)\.(.+)$/.exec(name) ?? []
    if (pid === '' || name.endsWith('.sock')) continue
    const place = join(folder, name)
    const agentLives = processStatus(Number(pid))?.started === started
    for (const entry of readdirSync(place)) {
      if (!entry.endsWith(ENDING)) continue
      const socket = socketIn(join(place, entry))
      if (agentLives && socket !== undefined && (await answers(join(folder, socket)))) kept.add(socket)
      else rmSync(join(place, entry), { force: true })
    }
    removeEmpty(place)
  }
  for (const name of readdirSync(folder)) {
    const [, pid = ''] = /^(\d+)\.[^.]+\.sock$/.exec(name) ?? []
    // One of a process that lives may not have been told of yet.
    if (pid !== '' && !kept.has(name) && processStatus(Number(pid)) === undefined) {
      rmSync(join(folder, name), { force: true })
    }
  }
}

function socketIn(file: string): string | undefined {
  try {
    const [format, , socket = ''] = readFileSync(file, 'utf8').split('\n')
    return format === FORMAT && /^\d+\.[^./]+\.sock$/.test(socket) ? socket : undefined
  } catch {
    return undefined
  }
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path)
    const end = (lives: boolean): void => {
      socket.destroy()
      resolve(lives)
    }
    socket.setTimeout(PATIENCE, () => {
      // It may be busy, which is not dead.
      end(true)
    })
    socket.once('connect', () => {
      end(true)
    })
    socket.once('error', () => {
      end(false)
    })
  })
}

function removeEmpty(place: string): void {
  try {
    rmdirSync(place)
  } catch {
    // Another connection of the agent is told of there.
  }
}
