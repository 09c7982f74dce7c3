import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { SECRET_FILES } from '../../classify/labels/secrets.ts'

/** Where programs keep what is their user's, below a home. */
const PARENTS = ['', '.config', '.local/share', 'Library'] as const

/** The files and folders of a home that the table of secret files knows by name, as far as they are there. */
export function credentialPlaces(home: string): readonly string[] {
  const names = SECRET_FILES.flatMap(({ globs }) => globs)
    .map((glob) => glob.replace(/\/\*\*$/, ''))
    .filter((name) => !name.includes('*'))
  return PARENTS.flatMap((parent) => names.map((name) => join(home, parent, name))).filter((path) =>
    existsSync(path),
  )
}
