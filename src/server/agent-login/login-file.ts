import { readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { z } from 'zod'
import { RemitError } from '../../core/errors.ts'
import { readPrivateFile, writePrivateFile } from '../private-file.ts'
import { repositoryAround } from '../repository-around.ts'
import type { KeptTokens } from '../../credentials/agent-login/kept-tokens.ts'

const keptSchema = z.object({
  url: z.string(),
  clientId: z.string(),
  access: z.string(),
  refresh: z.string(),
  expires: z.number(),
  /** Of logins that were kept before there was one: absent. */
  key: z.string().optional(),
})

/** What is kept: the tokens, and the key that holds their task in PEM. */
export interface KeptLogin extends KeptTokens {
  readonly key?: string | undefined
}

/** The file in which one agent's login lies, for as long as this process has it. */
export interface LoginFile {
  /** Where it lies. */
  readonly path: string
  read(): KeptLogin | undefined
  write(login: KeptLogin): void
  release(): void
}

/**
 * Takes a file, mode 0600, for this process alone: two that renew the same tokens would end the task.
 * @throws RemitError `input_invalid` when it is in a repository, where it would be committed or read, or in use.
 */
export function takeLoginFile(path: string): LoginFile {
  const file = placeOf(path)
  const lock = `${file}.lock`
  takeLock(lock)
  return {
    path: file,
    read: () => {
      const text = readPrivateFile(file, 'token_missing')
      return text === undefined ? undefined : parseLogin(text.toString('utf8'), file)
    },
    write: (login) => {
      writePrivateFile(file, `${JSON.stringify(login)}\n`)
    },
    release: () => {
      rmSync(lock, { force: true })
    },
  }
}

/** Sessions of one agent that run side by side. */
const MOST_BESIDE = 16

/**
 * The same, or where another process has it the first of `name-2`, `name-3` … that none has: each session of an agent has a
 * login, and with it a task, of its own.
 * @throws RemitError as `takeLoginFile`.
 */
export function takeFreeLoginFile(path: string): LoginFile {
  for (let beside = 1; ; beside += 1) {
    try {
      return takeLoginFile(beside === 1 ? path : path.replace(/(?=\.\w+$)|$/, `-${beside}`))
    } catch (thrown) {
      if (!(thrown instanceof LoginInUse) || beside === MOST_BESIDE) throw thrown
    }
  }
}

class LoginInUse extends RemitError {}

function parseLogin(text: string, file: string): KeptLogin {
  try {
    return keptSchema.parse(JSON.parse(text))
  } catch (cause) {
    throw new RemitError('token_missing', `\`${file}\` holds no login; name another file, or remove it`, {
      cause,
    })
  }
}

function placeOf(path: string): string {
  let folder: string
  try {
    folder = realpathSync(dirname(resolve(path)))
  } catch (cause) {
    throw new RemitError('input_invalid', `the folder of \`${path}\` does not exist; make it first`, {
      cause,
    })
  }
  const repository = repositoryAround(folder)
  if (repository === undefined) return join(folder, basename(path))
  throw new RemitError(
    'input_invalid',
    `\`${path}\` is in the repository \`${repository}\`; keep a login outside of repositories`,
  )
}

function takeLock(lock: string): void {
  for (let attempt = 0; attempt < 5; attempt += 1) {
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx', mode: 0o600 })
      return
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause
    }
    const holder = holderOf(lock)
    if (holder !== undefined && lives(holder)) {
      throw new LoginInUse(
        'input_invalid',
        `process ${holder} uses this login; give each agent a --login-file of its own, or remove \`${lock}\` if that is no agent`,
      )
    }
    setAside(lock, holder)
  }
  throw new RemitError('input_invalid', `\`${lock}\` cannot be taken; remove it`)
}

/** Undefined = gone meanwhile, or not written yet by whoever made it. */
function holderOf(lock: string): number | undefined {
  try {
    const text = readFileSync(lock, 'utf8')
    return /^\d{1,10}$/.test(text) ? Number(text) : undefined
  } catch {
    return undefined
  }
}

/** What a process that is gone left; another one's, taken meanwhile, goes back. */
function setAside(lock: string, holder: number | undefined): void {
  if (holder === undefined) return
  const aside = `${lock}.${process.pid}`
  try {
    renameSync(lock, aside)
    if (holderOf(aside) === holder) rmSync(aside, { force: true })
    else renameSync(aside, lock)
  } catch {
    // Somebody else was faster; the next attempt sees who.
  }
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
