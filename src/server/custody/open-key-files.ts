import { randomBytes } from 'node:crypto'
import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { RemitError } from '../../core/errors.ts'
import type { CustodyConfig } from '../config-custody-schema.ts'
import type { Environ, LoadedConfig } from '../load-config.ts'
import { createPrivateFile, readPrivateFile, writePrivateFile } from '../private-file.ts'
import { makeStateFolder, type StateFolder } from '../state-folder.ts'
import { stateOf, tenantState } from '../state-of.ts'
import { commandKeeper } from './command-keeper.ts'
import { type KeyFiles, PLAIN_KEY_FILES, SealedKeyFiles } from './key-files.ts'
import type { KeyWrapper } from './key-wrapper.ts'
import { keychain } from './keychain.ts'
import { vaultTransit } from './vault-transit.ts'

/** In the keys’ folder of the installation: what its keeper needs to give the key back that seals the others. */
const WRAPPED = 'wrapped-key.json'
const KEY_BYTES = 32

const wrappedKey = z.strictObject({ in: z.enum(['keychain', 'vault', 'command']), wrapped: z.string() })

/**
 * The files of an installation’s keys, opened with what `keys` of its configuration names; tenants have theirs under the same.
 * Keys that lie there as they are get sealed when they are read; those of `keys.from` are moved first.
 * @throws RemitError `key_unusable` where the keeper cannot be asked or does not have the key: then nothing is opened, and
 *   nothing made anew.
 */
export async function openKeyFiles(loaded: LoadedConfig, environ: Environ): Promise<KeyFiles> {
  const installation = loaded.installation ?? loaded
  const state = makeStateFolder(stateOf(installation))
  const { from, ...to } = installation.config.keys
  const at = { state, folder: installation.folder, environ }
  const kept = readWrapped(state)?.in ?? 'file'
  if (kept === 'file' && sealedPaths(state).length > 0) {
    throw new RemitError(
      'key_unusable',
      `there are sealed keys in \`${state.keys}\`, and \`${WRAPPED}\` is missing there; restore it from a backup`,
    )
  }
  if (kept === to.in) return filesOf(to, at)
  if (kept !== 'file' && from?.in !== kept) {
    throw new RemitError(
      'key_unusable',
      `the keys in \`${state.keys}\` are sealed (\`in: ${kept}\`); set \`keys\` to what it was, and to move them put that under \`keys.from\``,
    )
  }
  if (from === undefined || kept === 'file') return filesOf(to, at)
  return move(await filesOf(from, at), to, at)
}

interface Place {
  readonly state: StateFolder
  /** That paths of the configuration start from. */
  readonly folder: string
  readonly environ: Environ
}

async function filesOf(custody: CustodyConfig, at: Place): Promise<KeyFiles> {
  if (custody.in === 'file') return PLAIN_KEY_FILES
  const keeper = keeperOf(custody, at)
  const known = readWrapped(at.state)
  if (known !== undefined) return new SealedKeyFiles(await unwrap(keeper, known.wrapped))
  return new SealedKeyFiles(await makeKey(custody.in, keeper, at))
}

async function makeKey(name: CustodyConfig['in'], keeper: KeyWrapper, { state }: Place): Promise<Uint8Array> {
  const key = randomBytes(KEY_BYTES)
  const wrapped = await keeper.wrap(key).catch((cause: unknown) => {
    throw notHad(keeper, cause)
  })
  // What cannot be had back would lock everybody out with the next start.
  if (!key.equals(await unwrap(keeper, wrapped))) throw notHad(keeper, new Error('it gave another key back'))
  if (createPrivateFile(join(state.keys, WRAPPED), JSON.stringify({ in: name, wrapped }))) return key
  // Another gateway that shares the folder was faster.
  return unwrap(keeper, readWrapped(state)?.wrapped ?? '')
}

async function unwrap(keeper: KeyWrapper, wrapped: string): Promise<Uint8Array> {
  const key = await keeper.unwrap(wrapped).catch((cause: unknown) => {
    throw notHad(keeper, cause)
  })
  if (key.length !== KEY_BYTES) throw notHad(keeper, new Error('it gave no key of 32 bytes'))
  return key
}

function notHad(keeper: KeyWrapper, cause: unknown): RemitError {
  const why = cause instanceof Error ? cause.message : 'no word why'
  return new RemitError(
    'key_unusable',
    `the gateway’s keys cannot be opened with ${keeper.name}: ${why}; nothing starts without them (docs/keys.md)`,
    { cause },
  )
}

/** Opened by one keeper, they are put down as they are and sealed by the other. Killed anywhere, the next start goes on. */
async function move(opened: KeyFiles, to: CustodyConfig, at: Place): Promise<KeyFiles> {
  // First the new keeper must be there; what is there is opened meanwhile as before.
  if (to.in !== 'file') await probe(keeperOf(to, at))
  for (const path of sealedPaths(at.state)) {
    const content = opened.read(path)
    if (content !== undefined) writePrivateFile(path, content)
  }
  for (const path of sealedPaths(at.state)) rmSync(`${path}.sealed`)
  rmSync(join(at.state.keys, WRAPPED))
  const files = await filesOf(to, at)
  for (const path of plainPaths(at.state)) files.read(path)
  return files
}

async function probe(keeper: KeyWrapper): Promise<void> {
  const key = randomBytes(KEY_BYTES)
  const wrapped = await keeper.wrap(key).catch((cause: unknown) => {
    throw notHad(keeper, cause)
  })
  if (!key.equals(await unwrap(keeper, wrapped))) throw notHad(keeper, new Error('it gave another key back'))
}

/** Of the installation and its tenants, without their suffix. */
function sealedPaths(state: StateFolder): readonly string[] {
  return keyPaths(state).flatMap((path) =>
    path.endsWith('.sealed') ? [path.slice(0, -'.sealed'.length)] : [],
  )
}

function plainPaths(state: StateFolder): readonly string[] {
  return keyPaths(state).filter((path) => SECRET_NAMES.has(path.slice(path.lastIndexOf('/') + 1)))
}

const SECRET_NAMES = new Set([
  'checkpoint.pem',
  'task-token.pem',
  'request-state.key',
  'secrets.key',
  'secrets.key.old',
])

function keyPaths(state: StateFolder): readonly string[] {
  const tenants = existsSync(state.tenants) ? readdirSync(state.tenants) : []
  const folders = [state.keys, ...tenants.map((name) => tenantState(state, name).keys)]
  return folders
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)))
}

function readWrapped({ keys }: StateFolder): z.infer<typeof wrappedKey> | undefined {
  const path = join(keys, WRAPPED)
  const text = readPrivateFile(path, 'key_unusable')?.toString('utf8')
  if (text === undefined) return undefined
  try {
    return wrappedKey.parse(JSON.parse(text))
  } catch (cause) {
    throw new RemitError('key_unusable', `\`${path}\` is damaged; restore it from a backup`, { cause })
  }
}

function keeperOf(custody: CustodyConfig, { folder, environ }: Place): KeyWrapper {
  const { vault, command } = custody
  if (custody.in === 'vault' && vault !== undefined) {
    const file = vault.tokenFile === undefined ? {} : { tokenFile: resolve(folder, vault.tokenFile) }
    return vaultTransit({ ...vault, ...file }, environ)
  }
  if (custody.in === 'command' && command !== undefined) return commandKeeper(command)
  return keychain(process.platform)
}
