import { RemitError } from '../core/errors.ts'

export function laterRelease(version: number, known: number): RemitError {
  return new RemitError(
    'backup_unusable',
    `the backup’s database has version ${version}, and this release knows up to ${known}; restore it with a newer release`,
  )
}
