import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'

export interface ProcessStatus {
  readonly parent: number
  /** Of its program, as the system has it; a process may give itself another. */
  readonly name: string
  /** When it began, in words of the system: with the id, it names a process for good, since ids are given again. */
  readonly started: string
}

/** What the system says of a process; undefined = it has ended, or cannot be seen. @param proc another folder only in tests. */
export function processStatus(pid: number, proc = '/proc'): ProcessStatus | undefined {
  return existsSync(`${proc}/self/stat`) ? fromProc(pid, proc) : fromPs(pid)
}

/** https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
function fromProc(pid: number, proc: string): ProcessStatus | undefined {
  let stat: string
  try {
    stat = readFileSync(`${proc}/${pid}/stat`, 'utf8')
  } catch {
    return undefined
  }
  // The name, in parentheses, may hold anything.
  const end = stat.lastIndexOf(')')
  const words = stat.slice(end + 2).split(' ')
  const [parent, started] = [Number(words[1]), words[19]]
  if (!Number.isInteger(parent) || started === undefined) return undefined
  return { parent, name: stat.slice(stat.indexOf('(') + 1, end), started }
}

function fromPs(pid: number): ProcessStatus | undefined {
  try {
    const line = execFileSync(
      'ps',
      ['-ww', '-o', 'ppid=', '-o', 'lstart=', '-o', 'comm=', '-p', String(pid)],
      {
        encoding: 'utf8',
        env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' },
        stdio: ['ignore', 'pipe', 'ignore'],
      },
    )
    const [parent = '', ...words] = line.trim().split(/\s+/)
    if (words.length < 6) return undefined
    const name = basename(words.slice(5).join(' '))
    return { parent: Number(parent), name, started: words.slice(0, 5).join('-') }
  } catch {
    return undefined
  }
}
