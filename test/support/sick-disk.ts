import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const TROUBLES = ['fail', 'hold', 'full', 'readonly'] as const
export type Trouble = (typeof TROUBLES)[number]

/** A disk that can be made sick for programs that are started with `env`. */
export interface SickDisk {
  readonly env: Readonly<Record<string, string>>
  begin(trouble: Trouble): void
  end(trouble: Trouble): void
  remove(): void
}

/** @returns why there is none here, where it cannot be had. */
export function makeSickDisk(): SickDisk | string {
  if (process.platform !== 'linux') return 'libc can be preloaded so on Linux only'
  const folder = mkdtempSync(join(tmpdir(), 'remit-sick-'))
  const library = join(folder, 'sick-disk.so')
  const source = fileURLToPath(new URL('sick-disk.c', import.meta.url))
  const built = spawnSync('cc', ['-shared', '-fPIC', '-O1', '-o', library, source, '-ldl'], {
    encoding: 'utf8',
  })
  if (built.status !== 0) {
    rmSync(folder, { recursive: true })
    return `no C compiler: ${built.error?.message ?? built.stderr}`
  }
  return {
    env: { LD_PRELOAD: library, SICK_DISK: folder },
    begin: (trouble) => writeFileSync(join(folder, trouble), ''),
    end: (trouble) => rmSync(join(folder, trouble), { force: true }),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}
