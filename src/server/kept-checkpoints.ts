import type { KeyObject } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { checkpointsIn, type OutsideCheckpoint } from '../audit/checkpoint-log.ts'
import { checkpointOrigin, parseCheckpoint, type TreeHead, verifyCheckpoint } from '../audit/checkpoint.ts'
import { readKeyChain } from '../audit/key-chain.ts'
import type { LedgerSource } from '../audit/ledger-source.ts'
import { RemitError } from '../core/errors.ts'

/** Checkpoints that somebody kept: one note, or a file of them. @throws RemitError `state_unreadable`. */
export function keptCheckpoints(cwd: string, file: string): readonly OutsideCheckpoint[] {
  const path = resolve(cwd, file)
  try {
    const kept = checkpointsIn(readFileSync(path, 'utf8'))
    if (kept.length > 0) return kept
  } catch (cause) {
    throw new RemitError('state_unreadable', `\`${path}\` cannot be read; give a file with checkpoints`, {
      cause,
    })
  }
  throw new RemitError('state_unreadable', `\`${path}\` holds no checkpoint`)
}

/** The newest of those that somebody kept. @throws RemitError `state_unreadable`. */
export function keptCheckpoint(cwd: string, file: string): string {
  const notes = keptCheckpoints(cwd, file).flatMap(({ note }) => (note === undefined ? [] : [note]))
  const sized = notes.map((note) => ({ note, size: parseCheckpoint(note)?.head.size ?? -1 }))
  const newest = sized.toSorted((a, b) => a.size - b.size).at(-1)
  if (newest !== undefined && newest.size >= 0) return newest.note
  throw new RemitError('state_unreadable', `\`${file}\` holds no checkpoint that can be read`)
}

/** Words of a command line: a size is a number, anything else a file. */
export function isSize(text: string): boolean {
  return /^\d{1,15}$/.test(text)
}

interface Trust {
  readonly source: LedgerSource
  readonly tenant: string
  readonly trusted: readonly KeyObject[]
  readonly kept: readonly OutsideCheckpoint[] | undefined
}

/**
 * The checkpoint from which a ledger is looked at, its signature checked.
 * @throws RemitError `not_found`, `state_unreadable`; `key_unusable` where no trusted key signed it.
 */
export async function findSince(
  { cwd, since = '' }: { readonly cwd: string; readonly since?: string | undefined },
  { source, tenant, trusted, kept }: Trust,
): Promise<TreeHead> {
  const note = isSize(since)
    ? await ofSize(Number(since), { source, tenant, kept })
    : keptCheckpoint(cwd, since)
  const { keys } = await readKeyChain(source, tenant, trusted)
  const check = verifyCheckpoint(note, [...trusted, ...keys])
  if (check.ok && check.head.origin === checkpointOrigin(tenant)) return check.head
  const why = check.ok
    ? `is of \`${check.head.origin}\``
    : `is not signed with a trusted key (${check.reason})`
  throw new RemitError(
    'key_unusable',
    `the checkpoint \`${since}\` ${why}; give the ledger’s own, and its key with --key`,
  )
}

async function ofSize(size: number, { source, tenant, kept }: Omit<Trust, 'trusted'>): Promise<string> {
  for (const { note } of kept ?? [])
    if (note !== undefined && parseCheckpoint(note)?.head.size === size) return note
  if (kept === undefined) {
    for await (const row of source.checkpoints(tenant)) if (row.size === size) return row.note
  }
  throw new RemitError(
    'not_found',
    `no checkpoint was signed for ${size} records; \`remit audit export\` lists those that were`,
  )
}
