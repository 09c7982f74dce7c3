import { existsSync, realpathSync, statSync } from 'node:fs'
import type { InitPlan } from './plan-init.ts'
import type { InitRun, KeptEdit, KeptFile } from './init-run.ts'
import type { RunJournal } from './run-journal.ts'
import { stageFiles } from './stage-files.ts'

/** What is asked of the gateway on the way. */
export interface GatewaySide<Taken> {
  /** All, or none. */
  setSecrets(values: ReadonlyMap<string, string>): Promise<void>
  /** Those that were set go; tells and never throws. */
  takeBackSecrets(): Promise<void>
  /** Has it read its file. @throws RemitError what it does not take. */
  reload(): Promise<Taken>
}

export interface InitPlace<Taken> {
  readonly journal: RunJournal
  readonly gateway: GatewaySide<Taken>
  /** The gateway’s own file. */
  readonly configuration: string
  readonly now: () => Date
}

/** The mode of a file that is made here. */
const OWN = 0o600
/** Of one that every user’s agent has to read. */
const EVERYBODYS = 0o644

/**
 * Does what was planned: all of it, or nothing. Whatever can fail for want of a right fails first; agents’ files come last,
 * when the gateway has what they had.
 * @returns what the gateway said; undefined = it had nothing to take over.
 * @throws RemitError whatever went wrong; then everything is as it was.
 */
export async function applyInit<Taken>(plan: InitPlan, place: InitPlace<Taken>): Promise<Taken | undefined> {
  const { journal, gateway } = place
  const files = plan.changes.map(keptOf)
  const own = configurationOf(plan, place.configuration)
  const ready = stageFiles(files.map(asSwap))
  const readyOwn = stageOrDrop(own, ready)
  const kept = keepOrDrop(() => journal.keep(runOf(plan, [...own, ...files], place)), [ready, readyOwn])
  try {
    await gateway.setSecrets(plan.values)
    readyOwn.swap()
    const taken = own.length === 0 ? undefined : await gateway.reload()
    ready.swap()
    return taken
  } catch (thrown) {
    ready.undo()
    readyOwn.undo()
    if (own.length > 0) await gateway.reload().catch(() => {})
    await gateway.takeBackSecrets()
    kept.remove()
    throw thrown
  }
}

type Staged = ReturnType<typeof stageFiles>

function stageOrDrop(files: readonly KeptFile[], before: Staged): Staged {
  try {
    return stageFiles(files.map(asSwap))
  } catch (thrown) {
    before.drop()
    throw thrown
  }
}

function keepOrDrop<Kept>(keep: () => Kept, staged: readonly Staged[]): Kept {
  try {
    return keep()
  } catch (thrown) {
    for (const each of staged) each.drop()
    throw thrown
  }
}

function runOf(
  { values, configuration }: InitPlan,
  files: readonly KeptFile[],
  { now }: Pick<InitPlace<unknown>, 'now'>,
): InitRun {
  return {
    version: 1,
    at: now().toISOString(),
    files: [...files],
    secrets: [...values.keys()],
    servers: [...(configuration?.added ?? [])],
  }
}

function keptOf({ file, after, edits }: InitPlan['changes'][number]): KeptFile {
  const { target: path, format, text: before, mode, level } = file
  const made = level === 'managed' ? EVERYBODYS : format === 'script' ? 0o700 : OWN
  return { path, format, before, after, mode: mode ?? made, edits: edits as KeptEdit[] }
}

function configurationOf({ configuration }: InitPlan, file: string): readonly KeptFile[] {
  if (configuration === undefined) return []
  const path = existsSync(file) ? realpathSync(file) : file
  const isThere = existsSync(path)
  const mode = isThere ? statSync(path).mode & 0o777 : OWN
  const before = isThere ? configuration.before : undefined
  return [{ path, format: 'yaml', before, after: configuration.after, mode, edits: [] }]
}

function asSwap({ path, before, after, mode }: KeptFile): Parameters<typeof stageFiles>[0][number] {
  return { path, before, after, mode }
}
