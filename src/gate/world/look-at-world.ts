import { canonicalJson } from '../../core/canonical-json.ts'
import type { ServerKey } from '../../core/ids.ts'
import type { Operation } from '../../core/operation.ts'
import { foldText, visibleText } from '../../core/visible-text.ts'
import type { EditPreview } from '../../classify/classify.ts'
import type { NamedFile, Referents } from '../../classify/referents/referents.ts'
import { redactText } from '../../classify/secrets/redact-secrets.ts'
import type { RunText, SeenWorld, Sight } from '../../approvals/world.ts'
import type { ConsideredCall } from '../consider-call.ts'
import type { GateDeps } from '../gate-deps.ts'
import type { SeenFile, WorldView } from './world-view.ts'

/** A look, with the change of a file as it was in that very look. */
export interface Look {
  readonly seen: SeenWorld
  readonly preview?: EditPreview
}

/** Looks until two readings of the file that would be changed agree; somebody who writes all the time wins nothing. */
const ATTEMPTS = 3

/**
 * What the arguments of a call stand for at this moment. Only for calls about which people are asked, before they are
 * and again before it runs. Undefined = nobody looks: recorded calls are played.
 */
export async function lookAtWorld(deps: GateDeps, considered: ConsideredCall): Promise<Look | undefined> {
  if (deps.world === undefined) return undefined
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const preview = previewOf(deps, considered)
    const { seen, digests } = await lookOnce(deps, considered)
    if (preview === undefined) return { seen }
    if (preview.before === '' || digests.has(deps.sha256(preview.before))) return { seen, preview }
  }
  const { seen } = await lookOnce(deps, considered)
  return {
    seen: {
      ...seen,
      loose: [...seen.loose, 'the change of the file: it is written to all the time, so it is not shown'],
    },
  }
}

async function lookOnce(
  deps: GateDeps,
  { caller, call, classification, redacted }: ConsideredCall,
): Promise<{ readonly seen: SeenWorld; readonly digests: ReadonlySet<string> }> {
  const { world } = deps
  const { workspace } = caller.chain.task
  const { operations } = classification
  const context = workspace === undefined ? {} : { workspace }
  const named = deps.classifier.referents(call, context, operations)
  const files = (await world?.files(named.files.map(({ path }) => path))) ?? []
  const sights: Sight[] = [...folderSight(named), ...placesOf(operations, (value) => redacted.scrub(value))]
  const loose = [...named.loose]
  const texts: RunText[] = []
  const unshown: string[] = []
  for (const [at, file] of named.files.entries()) {
    const there = files[at] ?? { kind: 'unheld', why: 'nobody looked' }
    if (there.kind === 'unheld') loose.push(`the content of \`${shown(file.name)}\`: ${there.why}`)
    else sights.push(sightOf(file, there))
    const text = there.kind === 'file' ? there.text : undefined
    if (!file.runs || there.kind === 'absent') continue
    if (text === undefined) unshown.push(file.name)
    else texts.push({ name: file.name, text: redactText(text, deps.scanner.search(text).finds) })
  }
  for (const { name, commit } of named.commits) {
    if (commit === undefined) loose.push(`the commit of \`${shown(name)}\`: it cannot be read`)
    else sights.push({ kind: 'commit', name, value: commit, now: shown(commit) })
  }
  sights.push(...serverSight(world, call.server))
  const digests = new Set(files.flatMap((file) => (file.kind === 'file' ? [file.digest] : [])))
  return { seen: { sights, loose, texts, unshown }, digests }
}

export function folderSight({ folder }: Referents): readonly Sight[] {
  if (folder === undefined) return []
  return [{ kind: 'folder', name: '', value: folder, now: `\`${shown(folder)}\`` }]
}

export function serverSight(world: WorldView | undefined, key: ServerKey): readonly Sight[] {
  const value = world?.server(key)
  if (value === undefined) return []
  return [{ kind: 'server', name: key, value, now: 'as it is configured and pinned' }]
}

/** Where each argument leads, every link followed: what was decided about and shown. */
function placesOf(operations: readonly Operation[], scrub: (text: string) => string): readonly Sight[] {
  const places = new Map<string, Set<string>>()
  for (const { action, resource, origin } of operations) {
    if (origin.pointer === '' && action === 'tool.call') continue
    const span = origin.span === undefined ? '' : ` at ${origin.span[0]}–${origin.span[1]}`
    const name = `${origin.pointer === '' ? 'the call' : origin.pointer}${span}`
    const meant = places.get(name) ?? new Set<string>()
    places.set(name, meant.add(`${action} ${resource.type} ${resource.id}`))
  }
  return [...places].map(([name, meant]) => ({
    kind: 'place',
    name,
    value: canonicalJson([...meant].toSorted().map((each) => each.toWellFormed())),
    now: shown(scrub([...meant].join(', '))),
  }))
}

/** @param named.runs, named.steers whether it decides which code runs. */
export function sightOf(
  { name, runs, steers }: NamedFile,
  there: Exclude<SeenFile, { kind: 'unheld' }>,
): Sight {
  return { ...contentOf(name, there), ...(runs || steers ? { steers: true } : {}) }
}

function contentOf(name: string, there: Exclude<SeenFile, { kind: 'unheld' }>): Sight {
  const kind = 'content'
  if (there.kind === 'absent') return { kind, name, value: 'absent', now: 'nothing is there' }
  const where = `\`${shown(there.real)}\``
  if (there.kind === 'folder')
    return { kind, name, value: `folder\0${there.real}`, now: `the folder ${where}` }
  return {
    kind,
    name,
    value: `file\0${there.real}\0${there.digest}`,
    now: there.real.endsWith(name) ? `${there.size} bytes` : `${there.size} bytes in ${where}`,
  }
}

/** The file may hold secrets that the call does not; they are taken out when it is shown. */
function previewOf({ classifier }: GateDeps, { caller, call }: ConsideredCall): EditPreview | undefined {
  const { workspace } = caller.chain.task
  return classifier.previewEdit(call, workspace === undefined ? {} : { workspace })
}

function shown(text: string): string {
  return visibleText(foldText(text, 160, 80))
}
