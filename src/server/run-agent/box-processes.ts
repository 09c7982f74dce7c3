import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { processStatus } from '../process-status.ts'

/** Where processes are told of; another folder only in tests. */
const PROC = '/proc'
/** Of a TCP connection, in `/proc/net/tcp`. */
const ESTABLISHED = '01'
const LOOPBACK = '0100007F'

export interface Connection {
  /** Ports on 127.0.0.1 of who connected and of who listens. */
  readonly from: number
  readonly to: number
}

/**
 * Whether a connection comes from a process below this one, itself included. Inside a PID namespace nothing leaves the
 * tree of its first process: an orphan becomes that one's child, and nested namespaces are below it.
 * Whatever cannot be seen counts as not.
 * @param root process id as seen from here.
 */
export function comesFromBelow(connection: Connection, root: number, proc = PROC): boolean {
  const inode = inodeOf(connection, proc)
  if (inode === undefined) return false
  const link = `socket:[${inode}]`
  return processesBelow(root, proc).some((pid) => holdsFile(`${proc}/${pid}/fd`, link))
}

/** Of the socket at the client's end. */
function inodeOf({ from, to }: Connection, proc: string): string | undefined {
  const [local, remote] = [from, to].map((port) => `${LOOPBACK}:${hex(port)}`)
  for (const line of read(`${proc}/net/tcp`).split('\n')) {
    const words = line.trim().split(/\s+/)
    if (words[1] === local && words[2] === remote && words[3] === ESTABLISHED && words[9] !== '0')
      return words[9]
  }
  return undefined
}

function processesBelow(root: number, proc: string): readonly number[] {
  const children = new Map<number, number[]>()
  for (const name of readdirSync(proc)) {
    if (!/^\d+$/.test(name)) continue
    const pid = Number(name)
    const parent = processStatus(pid, proc)?.parent
    if (parent === undefined) continue
    children.set(parent, [...(children.get(parent) ?? []), pid])
  }
  const below = [root]
  for (const pid of below) below.push(...(children.get(pid) ?? []))
  return below
}

function holdsFile(folder: string, link: string): boolean {
  try {
    return readdirSync(folder).some((name) => {
      try {
        return readlinkSync(`${folder}/${name}`) === link
      } catch {
        return false
      }
    })
  } catch {
    return false
  }
}

/** Processes end while one looks at them. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

function hex(port: number): string {
  return port.toString(16).toUpperCase().padStart(4, '0')
}
