import { existsSync, mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { RemitError } from '../core/errors.ts'
import { HolderKey } from '../identity/holder-key.ts'
import type { AgentPlace } from './find-endpoint.ts'
import { findState } from './find-gateway.ts'
import { createPrivateFile, readPrivateFile } from './private-file.ts'
import { tokenClaims } from './task-access.ts'

/** Where the key of a task is, or will be; absent = in the state folder. */
export type HolderPlace = AgentPlace & { readonly keyFile?: string | undefined }

/**
 * The key that holds a task, made when it is first asked for. It lies in a file that only its owner can read, since an
 * agent starts its connection anew again and again; where nothing can be written it lives as long as this process.
 * @param warn told where the key will not survive.
 * @throws RemitError `token_invalid` for what is no task token, `key_unusable`.
 */
export function holderKeyOf(place: HolderPlace, token: string, warn: (message: string) => void): HolderKey {
  const file = fileOf(place, token)
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    return keyInFile(file)
  } catch (thrown) {
    if (thrown instanceof RemitError) throw thrown
    warn(`the key of this task cannot be kept in \`${file}\`; after a restart its human has to let it go`)
    return HolderKey.make()
  }
}

/** The same where there is one already: undefined = nothing on this machine holds the task. */
export function knownHolderKey(place: HolderPlace, token: string): HolderKey | undefined {
  return readKey(fileOf(place, token))
}

/**
 * The key in the file that the user names, made where there is none yet; undefined = they name none.
 * @throws RemitError `key_unusable`.
 */
export function namedHolderKey(
  place: Pick<HolderPlace, 'keyFile' | 'environ' | 'cwd'>,
): HolderKey | undefined {
  const file = namedFile(place)
  if (file === undefined) return undefined
  try {
    return keyInFile(file)
  } catch (cause) {
    if (cause instanceof RemitError) throw cause
    throw new RemitError('key_unusable', `no key can be kept in \`${file}\`; name another file`, { cause })
  }
}

function namedFile({
  keyFile,
  environ,
  cwd,
}: Pick<HolderPlace, 'keyFile' | 'environ' | 'cwd'>): string | undefined {
  const named = keyFile ?? (environ['REMIT_TASK_KEY'] || undefined)
  return named === undefined ? undefined : resolve(cwd, named)
}

function fileOf(place: HolderPlace, token: string): string {
  const named = namedFile(place)
  if (named !== undefined) return named
  const task = tokenClaims(token)['txn']
  if (typeof task === 'string' && /^tsk_[0-9a-z]{1,64}$/.test(task)) {
    return join(stateRoot(place), 'holders', `${task}.pem`)
  }
  throw new RemitError('token_invalid', 'this is not the token of a task; make one with `remit task create`')
}

/** Reads the key, or makes it. Of two who make it at once one does, and the other reads it. @throws RemitError `key_unusable`. */
function keyInFile(path: string): HolderKey {
  const known = readKey(path)
  if (known !== undefined) return known
  const made = HolderKey.make()
  if (createPrivateFile(path, made.toPem())) return made
  return readKey(path) ?? made
}

function readKey(path: string): HolderKey | undefined {
  const pem = readPrivateFile(path, 'key_unusable')
  return pem === undefined ? undefined : HolderKey.fromPem(pem.toString('utf8'))
}

/** The gateway's state folder where it is on this machine, else the user's. */
function stateRoot(place: AgentPlace): string {
  try {
    const { root } = findState(place)
    if (existsSync(root)) return root
  } catch {
    // A configuration that is wrong is the gateway's business.
  }
  return userStateFolder(place.environ)
}

/** What Remit keeps for a user, whatever the project. */
export function userStateFolder(environ: AgentPlace['environ']): string {
  return join(environ['XDG_STATE_HOME'] || join(environ['HOME'] || homedir(), '.local', 'state'), 'remit')
}
