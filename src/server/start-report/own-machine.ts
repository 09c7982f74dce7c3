import { createHash, randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { hostname } from 'node:os'
import { dirname, join } from 'node:path'
import type { Machine } from '../../core/fleet.ts'
import { userStateFolder } from '../holder-keys.ts'
import type { Environ } from '../load-config.ts'
import { createPrivateFile, readPrivateFile } from '../private-file.ts'

/** This machine as it names itself: an id that was made at random once, and kept with what else Remit keeps for this user. */
export function ownMachine(environ: Environ): Machine {
  const name = hostname()
  return {
    id: keptId(join(userStateFolder(environ), 'machine-id')) ?? idOf(name),
    name,
    platform: `${process.platform} ${process.arch}`,
  }
}

/** Undefined = nothing can be kept there. */
function keptId(file: string): string | undefined {
  try {
    const known = readPrivateFile(file, 'state_unreadable')?.toString('utf8').trim()
    if (known !== undefined) return /^[0-9a-f]{32}$/.test(known) ? known : undefined
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    const made = randomBytes(16).toString('hex')
    if (createPrivateFile(file, `${made}\n`)) return made
    return readPrivateFile(file, 'state_unreadable')?.toString('utf8').trim()
  } catch {
    return undefined
  }
}

/** Where none can be kept, the same name is the same machine. */
function idOf(name: string): string {
  return createHash('sha256').update(`remit machine ${name}`).digest('hex').slice(0, 32)
}
