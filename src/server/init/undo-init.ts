import { RemitError } from '../../core/errors.ts'
import { withoutServer, writtenServers } from '../edit-servers.ts'
import type { InitRun, KeptFile } from './init-run.ts'
import { reverseEdits } from './reverse-edits.ts'
import { type FileSwap, readText, stageFiles } from './stage-files.ts'

/** What becomes of a file that somebody wrote to since. */
export type LaterChanges = 'refuse' | 'keep' | 'discard'

export interface UndonePlan {
  /** Files that become, byte for byte, what they were. */
  readonly restored: readonly FileSwap[]
  /** Files that lose what was written into them, and keep the rest. */
  readonly reversed: readonly FileSwap[]
  /** Files that are as they were already. */
  readonly same: readonly string[]
}

/**
 * What undoing a run would do.
 * @throws RemitError `config_invalid` that names every file which changed since, and the choices.
 */
export function planUndo({ files, servers }: InitRun, later: LaterChanges): UndonePlan {
  const plan = { restored: [] as FileSwap[], reversed: [] as FileSwap[], same: [] as string[] }
  const problems: string[] = []
  for (const file of files) {
    const now = readText(file.path)
    const swap = { path: file.path, before: now, mode: file.mode }
    if (now === file.before) plan.same.push(file.path)
    else if (now === file.after || later === 'discard') plan.restored.push({ ...swap, after: file.before })
    else if (later === 'refuse') problems.push(`\`${file.path}\` changed since`)
    else {
      try {
        plan.reversed.push({ ...swap, after: reversed(file, { now, servers }) })
      } catch (thrown) {
        problems.push(thrown instanceof Error ? thrown.message : String(thrown))
      }
    }
  }
  if (problems.length === 0) return plan
  const choices =
    '`--later keep` takes back what was written there and keeps the rest, `--later discard` makes the file as it was before'
  throw new RemitError('config_invalid', `${problems.join('\n')}\nnothing was changed; ${choices}`)
}

/** @throws RemitError `config_invalid`; then nothing was changed. */
export function applyUndo({ restored, reversed }: UndonePlan): void {
  stageFiles([...restored, ...reversed]).swap()
}

function reversed(
  file: KeptFile,
  { now, servers }: { readonly now: string | undefined; readonly servers: readonly string[] },
): string {
  if (now !== undefined && file.format === 'yaml') return withoutServers(file.path, now, servers)
  if (now !== undefined && (file.format === 'json' || file.format === 'toml')) {
    return reverseEdits(
      { path: file.path, format: file.format, before: file.before ?? '', edits: file.edits },
      now,
    )
  }
  throw new RemitError(
    'config_invalid',
    `\`${file.path}\` changed since, and what was written there cannot be told from the rest`,
  )
}

/** @throws RemitError `config_invalid`. */
function withoutServers(path: string, now: string, servers: readonly string[]): string {
  const written = writtenServers({ name: path, text: now })
  return servers
    .filter((key) => written.has(key))
    .reduce((text, key) => withoutServer({ name: path, text }, key), now)
}
