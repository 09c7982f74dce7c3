import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { RemitError } from '../../core/errors.ts'
import { type MasterKey, openSecret, sealSecret } from '../../credentials/seal-secret.ts'
import { openKeyFiles } from '../custody/open-key-files.ts'
import { userStateFolder } from '../holder-keys.ts'
import type { Environ, LoadedConfig } from '../load-config.ts'
import { readPrivateFile, writePrivateFile } from '../private-file.ts'
import { loadSecretKeys } from '../secret-keys.ts'
import { makeStateFolder, openStateFolder } from '../state-folder.ts'
import { stateOf } from '../state-of.ts'
import { type InitRun, initRun } from './init-run.ts'
import { whoCanChange } from './who-can-change.ts'

const sealedRun = z.strictObject({ key: z.string(), sealed: z.string() })
const NAME = /^run-(\d{6})\.json$/

/**
 * What runs of `remit init` changed, newest last: files of mode 0600 in the state folder, sealed under the key of the
 * gateway’s secrets, since what agents’ files held may be secret.
 */
export interface RunJournal {
  keep(run: InitRun): { remove(): void }
  /** The newest; undefined = there is none. @throws RemitError `key_unusable`. */
  newest(): { readonly run: InitRun; readonly older: number; remove(): void } | undefined
  /** Oldest first. @throws RemitError `key_unusable`. */
  all(): readonly InitRun[]
}

/** @throws RemitError `state_unreadable`, `key_unusable`. */
export async function openRunJournal(loaded: LoadedConfig, environ: Environ): Promise<RunJournal> {
  const state = makeStateFolder(stateOf(loaded))
  const keys = loadSecretKeys(state.keys, environ, await openKeyFiles(loaded, environ))
  const folder = join(state.root, 'init')
  return journalIn(folder, { keys, tenant: loaded.config.tenant })
}

/**
 * Of administrators’ files, on machines that may have no gateway: a journal and a key of its own.
 * @param uid of this process. @throws as `openRunJournal`.
 */
export function openManagedJournal(environ: Environ, uid = process.getuid?.()): RunJournal {
  const state = openStateFolder(managedState(environ))
  if (uid === 0) requireAdministrators(state.root)
  return journalIn(join(state.root, 'init'), { keys: loadSecretKeys(state.keys, {}), tenant: 'managed' })
}

/** Where what administrators wrote is kept. */
export function managedState(environ: Environ): string {
  return join(userStateFolder(environ), 'managed')
}

/** What is undone is written where the journal says, by an administrator: whoever can write one could write anywhere. */
function requireAdministrators(folder: string): void {
  const open = whoCanChange(folder)
  if (open === undefined) return
  throw new RemitError(
    'state_unreadable',
    `what was changed is kept in \`${folder}\`, which not only an administrator can change: ${open}; run it with \`sudo -H\``,
  )
}

function journalIn(
  folder: string,
  { keys, tenant }: { readonly keys: readonly [MasterKey, ...MasterKey[]]; readonly tenant: string },
): RunJournal {
  const placeOf = (name: string) =>
    ({ tenant, name: `init/${name}`, version: 1 }) as Parameters<typeof sealSecret>[1]
  const at = (name: string): string => join(folder, name)
  const read = (name: string): InitRun | undefined => {
    const text = readPrivateFile(at(name), 'state_unreadable')
    if (text === undefined) return undefined
    try {
      const kept = sealedRun.parse(JSON.parse(text.toString('utf8')))
      return initRun.parse(JSON.parse(openSecret(keys, { ...placeOf(name), ...kept })))
    } catch (cause) {
      throw new RemitError(
        'key_unusable',
        `\`${at(name)}\` cannot be opened: it was sealed under another key of the gateway’s secrets, or changed since`,
        { cause },
      )
    }
  }
  return {
    keep(run) {
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      const last = namesIn(folder).at(-1) ?? ''
      const name = `run-${String(Number(NAME.exec(last)?.[1] ?? 0) + 1).padStart(6, '0')}.json`
      const sealed = sealSecret(keys[0], placeOf(name), JSON.stringify(run))
      writePrivateFile(at(name), `${JSON.stringify({ key: keys[0].id, sealed })}\n`)
      return { remove: () => rmSync(at(name), { force: true }) }
    },
    newest() {
      const names = namesIn(folder)
      const name = names.at(-1)
      const run = name === undefined ? undefined : read(name)
      if (name === undefined || run === undefined) return undefined
      return { run, older: names.length - 1, remove: () => rmSync(at(name), { force: true }) }
    },
    all: () => namesIn(folder).flatMap((name) => read(name) ?? []),
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => NAME.test(name))
      .toSorted()
  } catch {
    return []
  }
}
