import { spawnSync } from 'node:child_process'
import { mkdtempSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A folder for PATH that has Node and what is named, and neither curl nor openssl. Its owner removes it. */
export function barePath(programs: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'bin-'))
  symlinkSync(process.execPath, join(folder, 'node'))
  for (const name of programs) {
    const { stdout } = spawnSync('/bin/sh', ['-c', `command -v ${name}`], { encoding: 'utf8' })
    if (stdout !== '') symlinkSync(stdout.trim(), join(folder, name))
  }
  return folder
}
