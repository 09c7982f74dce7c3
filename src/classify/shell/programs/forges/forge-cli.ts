import type { Action } from '../../../../core/actions.ts'
import {
  forgeOperations,
  type ForgeAct,
  type ForgeObject,
  type ForgePlace,
} from '../../../forge/forge-act.ts'
import type { ForgeKind } from '../../../forge/forge-request.ts'
import { applyRole } from '../../apply-spec.ts'
import type { Argument } from '../../argument.ts'
import type { CommandSite, ProgramReader } from '../../command-site.ts'
import { readOptions, type ReadOptions } from '../../read-options.ts'
import { repositoryAt } from '../../../repository/repository-at.ts'
import type { ForgeCommand } from './forge-command.ts'
import { apiCommand } from './forge-api.ts'
import { GH_COMMANDS } from './gh-commands.ts'
import { GLAB_COMMANDS } from './glab-commands.ts'
import { namedRepository, usualHost, workspaceRepository } from './forge-repository.ts'

/** Other names of what the commands are about, and of what they do to it. */
const NOUNS: Readonly<Record<string, string>> = {
  'merge-request': 'mr',
  pipeline: 'ci',
  pipe: 'ci',
  project: 'repo',
  var: 'variable',
}
const VERBS: Readonly<Record<string, string>> = {
  ls: 'list',
  new: 'create',
  accept: 'merge',
  comment: 'note',
}

export const gh: ProgramReader = forgeCli('github', GH_COMMANDS)
export const glab: ProgramReader = forgeCli('gitlab', GLAB_COMMANDS)

/** A forge’s own command line. */
function forgeCli(kind: ForgeKind, commands: Readonly<Record<string, ForgeCommand>>): ProgramReader {
  return (site) => {
    const [noun, verb, ...rest] = site.args
    if (noun === undefined || /^(--?(version|help)|version|help|completion|status)$/.test(noun.text))
      return true
    const literal = noun.kind === 'literal'
    if (literal && noun.text === 'api') return apiCommand(kind, { ...site, args: site.args.slice(1) })
    const known = literal && verb?.kind === 'literal' ? find(kind, commands, noun.text, verb.text) : undefined
    if (known === undefined) {
      if (literal && /^(pr|repo)$/.test(noun.text) && verb !== undefined) {
        const local = localCommand(kind, `${noun.text} ${verb.text}`, { ...site, args: rest })
        if (local !== undefined) return local
      }
      const words = site.args.filter(({ kind: how }) => how === 'literal').slice(0, 3)
      const id = `${site.program}/${words.map(({ text }) => text).join(' ')}`.slice(0, 200)
      const resource = { type: 'InfraObject', id, ancestors: [] } as const
      site.findings.add('infra.execute', resource, { span: site.span, opaque: true })
      return false
    }
    return run(known, kind, { ...site, args: rest })
  }
}

function find(
  kind: ForgeKind,
  commands: Readonly<Record<string, ForgeCommand>>,
  noun: string,
  verb: string,
): ForgeCommand | undefined {
  const written = `${noun} ${verb}`
  if (Object.hasOwn(commands, written)) return commands[written]
  const named = kind === 'gitlab' ? (NOUNS[noun] ?? noun) : noun
  const meant = `${named} ${VERBS[verb] ?? verb}`
  return Object.hasOwn(commands, meant) ? commands[meant] : undefined
}

function run(command: ForgeCommand, kind: ForgeKind, site: CommandSite): boolean {
  const read = readOptions(command.spec, site.args)
  let clear = read.understood && command.opaque !== true
  for (const { role, argument } of read.values) if (!applyRole(role, argument, site)) clear = false
  const { place, object, words } = targetOf(command, kind, { site, read })
  for (const word of words) if (!applyRole(command.rest ?? 'plain', word, site)) clear = false
  const has = (...names: readonly string[]) => names.some((name) => read.given.has(name))
  const { more = [], instead } = command.given?.(has) ?? {}
  for (const action of [...(instead ?? command.actions), ...more]) {
    // Which branch goes or comes with it is not said.
    const branch = action.startsWith('git.') && object.on !== 'branch'
    say(
      {
        actions: [action],
        object: branch ? { on: 'branch', name: undefined } : objectFor(action, object),
        ref: literal(read.values.findLast(({ option }) => command.ref?.includes(option))?.argument),
      },
      place,
      site,
    )
  }
  return clear && words.every((word) => word.kind === 'literal')
}

/** Only actions on pull requests are done to one. */
function objectFor(action: Action, object: ForgeObject): ForgeObject {
  return object.on === 'pull-request' && !action.startsWith('pr.') ? { on: 'repository' } : object
}

function targetOf(
  { names, server, actions }: ForgeCommand,
  kind: ForgeKind,
  { site, read }: { readonly site: CommandSite; readonly read: ReadOptions },
): { readonly place: ForgePlace; readonly object: ForgeObject; readonly words: readonly Argument[] } {
  const [first, ...rest] = read.positional
  const asked = read.values.find(({ option }) => option === 'R' || option === 'repo')?.argument
  const place = asked === undefined ? workspaceRepository(kind, site) : namedRepository(asked, kind, site)
  const object: ForgeObject = { on: server === true ? 'server' : 'repository' }
  if (server === true) return { place: { ...place, host: usualHost(kind) }, object, words: read.positional }
  if (names === 'repository') {
    const named = first === undefined ? place : namedRepository(first, kind, site)
    return { place: named, object, words: rest }
  }
  if (names === 'secret') {
    return { place, object: { on: 'secret', name: literal(first) }, words: rest }
  }
  if (names === 'pull-request') {
    if (first === undefined && actions.includes('pr.read')) return { place, object, words: rest }
    return { ...requestNamed(first, kind, { place, site }), words: rest }
  }
  return { place, object: secretless(actions, object), words: read.positional.slice(1) }
}

function secretless(actions: readonly Action[], object: ForgeObject): ForgeObject {
  return actions.some((action) => action.startsWith('secret.')) ? { on: 'secret', name: undefined } : object
}

/** `12`, `#12`, `!12` or a URL; a branch’s request has a number that nobody here knows. */
function requestNamed(
  argument: Argument | undefined,
  kind: ForgeKind,
  { place, site }: { readonly place: ForgePlace; readonly site: CommandSite },
): { readonly place: ForgePlace; readonly object: ForgeObject } {
  const text = literal(argument) ?? ''
  const url = /^(https?:\/\/[^?#]+?)\/(?:pull|-\/merge_requests)\/(\d+)(?:[/?#].*)?$/.exec(text)
  if (url !== null && argument !== undefined) {
    return {
      place: namedRepository({ ...argument, text: url[1] ?? '' }, kind, site),
      object: { on: 'pull-request', number: url[2] },
    }
  }
  return { place, object: { on: 'pull-request', number: /^[#!]?(\d{1,12})$/.exec(text)?.[1] } }
}

function literal(argument: Argument | undefined): string | undefined {
  return argument?.kind === 'literal' ? argument.text : undefined
}

/** Commands that also change what is here. */
function localCommand(kind: ForgeKind, command: string, site: CommandSite): boolean | undefined {
  if (command === 'repo clone') {
    const [from, into] = site.args
    if (from === undefined || site.args.some(({ text }) => text.startsWith('-'))) return undefined
    const place = namedRepository(from, kind, site)
    const folder = into ?? {
      ...from,
      text:
        from.text
          .replace(/\.git$/, '')
          .split('/')
          .at(-1) ?? '',
    }
    site.findings.path(folder, ['file.write'], { cwd: site.cwd, directory: true })
    say({ actions: ['git.fetch'], object: { on: 'repository' } }, place, site)
    return true
  }
  if (command !== 'pr checkout') return undefined
  say({ actions: ['git.fetch'], object: { on: 'repository' } }, workspaceRepository(kind, site), site)
  const { resource, labels, opaque } = repositoryAt(site.cwd, site.findings.context)
  const forced = site.args.some(({ text }) => /^(-f|--force)$/.test(text))
  site.findings.add(forced ? 'git.rewrite' : 'git.branch', resource, { span: site.span, labels, opaque })
  return site.args.every(
    ({ text, kind: how }) => how === 'literal' && /^(\d+|-f|--force|--detach)$/.test(text),
  )
}

function say(act: ForgeAct, place: ForgePlace, { findings, span }: CommandSite): void {
  for (const { action, resource, labels, opaque } of forgeOperations(act, place)) {
    findings.add(action, resource, { span, labels, opaque })
  }
}
