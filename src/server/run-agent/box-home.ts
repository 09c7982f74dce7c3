import { randomBytes } from 'node:crypto'
import {
  closeSync,
  constants,
  cpSync,
  fstatSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { AgentHome } from './agent-home.ts'

/** Bytes. A login is no longer. */
const LONGEST_LOGIN = 256 * 1024

export interface BoxHome {
  /** The folder that the box sees as its home. */
  readonly path: string
  /** Takes back the logins that the agent renewed, and removes the folder. */
  end(): void
}

/** A home for one run, with copies of what the agent needs. @param home the user's. */
export function makeBoxHome(agent: AgentHome, home: string): BoxHome {
  const root = mkdtempSync(join(tmpdir(), 'remit-run-'))
  const path = join(root, 'home')
  mkdirSync(path, { mode: 0o700 })
  const logins = new Map<string, string | undefined>()
  for (const name of [...agent.settings, ...agent.logins]) copy(join(home, name), join(path, name))
  for (const name of agent.logins) logins.set(name, loginIn(join(path, name)))
  return {
    path,
    end() {
      for (const [name, before] of logins) takeBack({ from: join(path, name), to: join(home, name), before })
      rmSync(root, { recursive: true, force: true })
    },
  }
}

function copy(from: string, to: string): void {
  if (lstatSync(from, { throwIfNoEntry: false }) === undefined) return
  mkdirSync(dirname(to), { recursive: true, mode: 0o700 })
  // What a link of the user's leads to is theirs to show; below a folder, links stay links and lead nowhere in the box.
  const real = lstatSync(from).isSymbolicLink()
  cpSync(from, to, { recursive: true, dereference: real, verbatimSymlinks: !real })
}

/** A login file that stood there before keeps its place; what the box left is only taken when it is JSON again. */
function takeBack(of: {
  readonly from: string
  readonly to: string
  readonly before: string | undefined
}): void {
  const { from, to, before } = of
  const after = loginIn(from)
  if (before === undefined || after === undefined || after === before) return
  // Somebody outside renewed it too: theirs is newer than the copy was.
  if (loginIn(to) !== before) return
  const temporary = `${to}.${randomBytes(6).toString('hex')}.new`
  writeFileSync(temporary, after, { mode: 0o600, flag: 'wx' })
  renameSync(temporary, to)
}

/** The text of a regular file that holds JSON; the box may have put anything else there. */
function loginIn(path: string): string | undefined {
  let handle: number
  try {
    handle = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  } catch {
    return undefined
  }
  try {
    const stat = fstatSync(handle)
    if (!stat.isFile() || stat.size > LONGEST_LOGIN) return undefined
    const text = readFileSync(handle, 'utf8')
    JSON.parse(text)
    return text
  } catch {
    return undefined
  } finally {
    closeSync(handle)
  }
}
