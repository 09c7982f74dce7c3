import { posix } from 'node:path'
import { applySpec } from './apply-spec.ts'
import type { Argument } from './argument.ts'
import type { CommandSite, ProgramReader } from './command-site.ts'
import { PROGRAMS, QUIET } from './programs.ts'
import type { ProgramSpec } from './spec.ts'
import { readGiveaways } from './weakening.ts'
import { scanText } from './scan-text.ts'

/** Folders whose programs are the ones that their names say. */
const STANDARD = /^\/(usr\/(local\/)?)?s?bin\/|^\/opt\/homebrew\/bin\//

/** Says what one simple command would do: the program first, then its arguments. */
export function runProgram(words: readonly Argument[], place: Omit<CommandSite, 'program' | 'args'>): void {
  const [name, ...args] = words
  if (name === undefined) return
  const { findings, span } = place
  findings.context.started?.({ words, cwd: place.cwd, root: findings.context.root })
  if (name.kind !== 'literal' || name.text === '') {
    findings.opaque('?', span, name.kind === 'glob' || name.unseen === true ? ['unseen'] : [])
    return scanArguments(args, place)
  }
  // No program that is known has such a name: a letter of another script stands for one.
  // oxlint-disable-next-line no-control-regex -- the range of ASCII
  if (/[^\u0000-\u007f]/.test(name.text)) findings.opaque(name.text, span, ['obfuscated'])
  const standard = STANDARD.test(name.text)
  const program = standard ? posix.basename(name.text) : name.text
  if (program.includes('/')) return runFile(name, args, place)
  const site: CommandSite = { ...place, program, args }
  const known = PROGRAMS.get(program)
  readGiveaways(site, isAct(known))
  const understood =
    known !== undefined && (typeof known === 'function' ? known(site) : applySpec(known, site))
  if (understood) return
  findings.opaque(program, span)
  scanArguments(args, place)
}

/** Not a program that only looks or copies: what its words name, it does. */
function isAct(known: ProgramSpec | ProgramReader | undefined): boolean {
  return known === undefined || typeof known === 'function' ? !QUIET.has(known) : known.runs === true
}

/** A program of the project, or of anywhere. */
function runFile(
  name: Argument,
  args: readonly Argument[],
  place: Omit<CommandSite, 'program' | 'args'>,
): void {
  const { findings, span, cwd } = place
  readGiveaways({ ...place, program: name.text, args }, true)
  const unseen = findings.isFetched(name, cwd)
  findings.path(name, ['file.read'], { cwd })
  findings.opaque(name.text, span, unseen ? ['unseen'] : [])
  scanArguments(args, place)
}

function scanArguments(args: readonly Argument[], place: Omit<CommandSite, 'program' | 'args'>): void {
  for (const argument of args) scanText(argument, place)
  if (place.input !== undefined) scanText(place.input, place)
}
