import type { Digest } from '../core/ids.ts'
import type { SealedSight, SealedWorld, SightKind } from '../core/world.ts'
import { foldText, visibleText } from '../core/visible-text.ts'

/** One part of the world as it was looked at for one call. */
export interface Sight {
  readonly kind: SightKind
  readonly name: string
  /** Compared, and never shown or kept as it is. */
  readonly value: string
  /** How it is now, in words that may be shown. */
  readonly now: string
  /** It decides which code runs: a script or a manifest. Consent that lasts holds it still as well. */
  readonly steers?: true
}

/** Text of a file that the call would run, as it was read in the same look. */
export interface RunText {
  readonly name: string
  readonly text: string
}

export interface SeenWorld {
  readonly sights: readonly Sight[]
  readonly loose: readonly string[]
  readonly texts: readonly RunText[]
  /** Files that the call would run and that no text shows: binary, too long, not readable. */
  readonly unshown: readonly string[]
}

interface Sealing {
  readonly salt: string
  readonly sha256: (text: string) => Digest
}

/** What an approval keeps of the world: nothing that tells what it was, all that tells whether it is another. */
export function sealWorld(seen: SeenWorld, sealing: Sealing): SealedWorld {
  const held = seen.sights.map(({ kind, name, value }) => ({
    kind,
    name,
    seal: sealOf({ kind, name, value }, sealing),
  }))
  return { salt: sealing.salt, held, loose: seen.loose }
}

/**
 * The first thing in which the world is another than when it was sealed, in words for the agent and the approver.
 * Undefined = all of it is as it was. What nobody could hold then counts only once it can be held.
 */
export function worldDifference(
  sealed: SealedWorld | undefined,
  seen: SeenWorld,
  sha256: Sealing['sha256'],
): string | undefined {
  if (sealed === undefined) return seen.sights.length === 0 ? undefined : UNTOLD
  const before = new Map(sealed.held.map((each) => [keyOf(each), each.seal]))
  for (const sight of seen.sights) {
    const seal = before.get(keyOf(sight))
    before.delete(keyOf(sight))
    if (seal !== sealOf(sight, { salt: sealed.salt, sha256 })) return changed(sight, seal !== undefined)
  }
  const [gone] = before.keys()
  const lost = sealed.held.find((each) => keyOf(each) === gone)
  return lost && lostFrom(lost)
}

/**
 * The first thing that decides which code runs and is another than when consent that lasts was asked for; all else of
 * that world may change. Undefined = all of it is as it was.
 * @param now.unheld names of scripts and manifests that cannot be looked at now.
 */
export function steeringDifference(
  sealed: SealedWorld | undefined,
  now: { readonly sights: readonly Sight[]; readonly unheld: readonly string[] },
  sha256: Sealing['sha256'],
): string | undefined {
  if (sealed === undefined) return now.sights.some(({ steers }) => steers === true) ? UNTOLD : undefined
  const { held, salt } = sealed
  for (const sight of now.sights) {
    const before = held.find((each) => keyOf(each) === keyOf(sight))
    if (before?.seal !== sealOf(sight, { salt, sha256 })) return changed(sight, before !== undefined)
  }
  const lost = held.find(({ kind, name }) => kind === 'content' && now.unheld.includes(name))
  return lost && lostFrom(lost)
}

const UNTOLD = 'it does not say what its arguments stood for'

function lostFrom(lost: SealedSight): string {
  return `${titleOf(lost)} was held still and cannot be any more`
}

function changed({ kind, name, now }: Sight, known: boolean): string {
  const title = titleOf({ kind, name })
  return known ? `${title} is another now: ${now}` : `${title} was not held still when people were asked`
}

const TITLES: Readonly<Record<SightKind, string>> = {
  folder: 'the working folder',
  place: 'what is meant by',
  content: 'the content of',
  commit: 'the commit of',
  server: 'the program or address of the server',
}

function titleOf({ kind, name }: Pick<SealedSight, 'kind' | 'name'>): string {
  return kind === 'folder' ? TITLES.folder : `${TITLES[kind]} \`${shown(name)}\``
}

function keyOf({ kind, name }: Pick<SealedSight, 'kind' | 'name'>): string {
  return `${kind}\0${name}`
}

function sealOf({ kind, name, value }: Pick<Sight, 'kind' | 'name' | 'value'>, { salt, sha256 }: Sealing) {
  return sha256(['remit-sight-1', salt, kind, name, value].map((part) => part.toWellFormed()).join('\0'))
}

function shown(text: string): string {
  return visibleText(foldText(text, 160, 80))
}

/** What an approver reads of it. */
export function worldLines({ sights, loose }: SeenWorld): readonly string[] {
  return [
    ...sights.map(({ kind, name, now }) =>
      kind === 'folder'
        ? `held: ${TITLES.folder}, ${now}`
        : `held: ${TITLES[kind]} \`${shown(name)}\`, ${now}`,
    ),
    ...loose.map((why) => `NOT held: ${why}`),
  ]
}
