import { existsSync, lstatSync, mkdirSync, realpathSync } from 'node:fs'
import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'
import { RemitError } from '../../core/errors.ts'
import { repositoryAround } from '../repository-around.ts'

type Environment = Readonly<Record<string, string | undefined>>

/**
 * The folder for the sockets of hooks, made where there is none: the user's alone, mode 0700, in no repository. Hooks look
 * for it by the same variables.
 * @throws RemitError `input_invalid` for one that others may enter or have made.
 */
export function openHookFolder(environ: Environment): string {
  const folder = join(baseFolder(environ), 'remit', 'hooks')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  checkPrivate(folder)
  const repository = repositoryAround(realpathSync(folder))
  if (repository !== undefined) {
    throw new RemitError(
      'input_invalid',
      `\`${folder}\` is in the repository \`${repository}\`; set XDG_RUNTIME_DIR to a folder outside of it`,
    )
  }
  return folder
}

function baseFolder(environ: Environment): string {
  const { XDG_RUNTIME_DIR: runtime = '', XDG_STATE_HOME: state = '', HOME: home = homedir() } = environ
  if (isAbsolute(runtime) && existsSync(runtime)) return runtime
  return isAbsolute(state) ? state : join(home, '.local', 'state')
}

function checkPrivate(folder: string): void {
  const stat = lstatSync(folder)
  if (!stat.isDirectory()) {
    throw new RemitError('input_invalid', `\`${folder}\` is not a folder; move it away`)
  }
  if (stat.uid !== process.getuid?.()) {
    throw new RemitError('input_invalid', `\`${folder}\` belongs to another user; move it away`)
  }
  if ((stat.mode & 0o077) !== 0) {
    throw new RemitError('input_invalid', `others may enter \`${folder}\`; run \`chmod 700 ${folder}\``)
  }
}
