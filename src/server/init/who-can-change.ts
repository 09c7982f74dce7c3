import { realpathSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * What lets others than an administrator change a program: it, or a folder above it.
 * @returns undefined = nothing, or that is not told by modes here.
 */
export function whoCanChange(program: string): string | undefined {
  if (process.platform === 'win32') return undefined
  try {
    for (let at = realpathSync(program); ; at = dirname(at)) {
      const { uid, mode } = statSync(at)
      if (uid !== 0) return `${at} belongs to another user`
      // In a sticky folder nobody moves what is another’s.
      if ((mode & 0o022) !== 0 && (mode & 0o1000) === 0) return `${at} can be written by others`
      if (dirname(at) === at) return undefined
    }
  } catch {
    return 'it is not there'
  }
}
