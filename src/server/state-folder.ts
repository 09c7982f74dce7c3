import { chmodSync, mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { RemitError } from '../core/errors.ts'

/** Windows has no modes; there the folder's inherited access list is what protects it. */
const HAS_MODES = process.platform !== 'win32'

/** Where each thing of an installation lies. Everything below `root` carries the label `remit-control`. */
export interface StateFolder {
  readonly root: string
  readonly keys: string
  readonly secrets: string
  readonly ledger: string
  /** Copies of signed checkpoints outside the database. */
  readonly checkpoints: string
  /** Parsed policies, kept between starts. */
  readonly policyCache: string
  /** Policy sets that were in force, by hash, for explaining what they decided. */
  readonly policyArchive: string
  readonly localCredential: string
  readonly approvers: string
  /** Where a running gateway says what its planes' URLs are. */
  readonly gateway: string
  /** A folder for each stdio server: its home when it is confined, else where it runs. */
  readonly servers: string
  readonly demo: string
  /** A state folder for each tenant beside the installation's own. */
  readonly tenants: string
}

/** @param root absolute path. */
export function stateFolderAt(root: string): StateFolder {
  return {
    root,
    keys: join(root, 'keys'),
    secrets: join(root, 'secrets'),
    ledger: join(root, 'ledger.sqlite'),
    checkpoints: join(root, 'checkpoints'),
    policyCache: join(root, 'policy-cache'),
    policyArchive: join(root, 'policy-archive'),
    localCredential: join(root, 'local-credential'),
    approvers: join(root, 'approvers.json'),
    gateway: join(root, 'gateway.json'),
    servers: join(root, 'servers'),
    demo: join(root, 'demo'),
    tenants: join(root, 'tenants'),
  }
}

/**
 * Makes what is missing, mode 0700, and refuses a folder that others can enter.
 * @throws RemitError `state_unreadable`.
 */
export function openStateFolder(root: string): StateFolder {
  return makeStateFolder(stateFolderAt(root))
}

/** The same for a folder whose places are known. @throws RemitError `state_unreadable`. */
export function makeStateFolder(folder: StateFolder): StateFolder {
  for (const path of [folder.root, folder.keys, folder.secrets, folder.checkpoints]) {
    try {
      const made = mkdirSync(path, { recursive: true, mode: 0o700 })
      // The umask may have taken bits away, and only a folder made here is ours to change.
      if (made !== undefined) chmodSync(path, 0o700)
      checkFolder(path)
    } catch (cause) {
      if (cause instanceof RemitError) throw cause
      const code = (cause as NodeJS.ErrnoException).code ?? 'unknown'
      throw new RemitError('state_unreadable', `the state folder \`${path}\` cannot be used (${code})`, {
        cause,
      })
    }
  }
  return folder
}

/** Somebody but the owner may do something there. */
export function isOpenToOthers({ mode }: { readonly mode: number }): boolean {
  return HAS_MODES && (mode & 0o077) !== 0
}

function checkFolder(path: string): void {
  const stat = statSync(path)
  if (!stat.isDirectory())
    throw new RemitError('state_unreadable', `\`${path}\` is not a folder; move it away`)
  if (isOpenToOthers(stat)) {
    const mode = (stat.mode & 0o777).toString(8)
    throw new RemitError(
      'state_unreadable',
      `others can enter \`${path}\` (mode ${mode}); run \`chmod 700 ${path}\``,
    )
  }
}
