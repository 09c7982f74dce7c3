import type { Resource } from '../../../core/resource.ts'
import { currentBranch } from '../../repository/refs.ts'
import { USUAL_FORGES } from '../../repository/forge-hosts.ts'
import {
  fetchPlace,
  fetchRemote,
  isRemote,
  pushPlace,
  pushRemote,
  remoteNames,
  urlPlace,
} from '../../repository/remotes.ts'
import type { RemotePlace } from '../../repository/remote-url.ts'
import { repositoryAt } from '../../repository/repository-at.ts'
import { literalArgument, type Argument } from '../argument.ts'
import { isMoved, isReconfigured } from './earlier.ts'
import type { GitCommand } from './git.ts'

const REMOTE_NAME = /^[A-Za-z0-9][\w.-]*$/

/** The repository that a git command speaks with. */
export interface Remote {
  readonly repository: Resource
  /** Its name in the settings; `undefined` = it has none, or nobody knows. */
  readonly name: string | undefined
  /** Which repository it is cannot be told. */
  readonly opaque: boolean
  /** False = it could run something. */
  readonly understood: boolean
}

/** Verbs that fetch from another repository; `undefined` = none of them. */
export function readGitRemote(verb: string, command: GitCommand): boolean | undefined {
  switch (verb) {
    case 'fetch':
    case 'ls-remote':
      return fetches(command)
    case 'pull':
      command.say('git.commit')
      return fetches(command)
    case 'clone':
      return clone(command)
    default:
      return undefined
  }
}

/** Finds the repository that a command names, or the one that the settings name for it. */
export function findRemote(
  named: Argument | undefined,
  command: GitCommand,
  direction: 'fetch' | 'push',
): Remote {
  const { place, site } = command
  const here = { repository: place.resource, name: undefined, opaque: place.opaque, understood: true }
  const { local } = place
  if (named === undefined) {
    if (local === undefined) return here
    if (isMoved(site)) return unknown()
    const branch = currentBranch(site.findings.context.fs, local)
    const name = (direction === 'push' ? pushRemote : fetchRemote)(local.config, branch)
    // The settings may name a repository by its URL.
    return name === undefined ? unknown() : settledRemote(name, command, direction)
  }
  const action = direction === 'push' ? 'net.send' : 'net.fetch'
  if (named.kind !== 'literal') {
    site.findings.host(named, action)
    return { ...unknown(), understood: false }
  }
  const { text } = named
  // `ext::sh -c …` and other helpers; a name that would be an option.
  if (/^[\w+-]+::/.test(text) || text.startsWith('-')) {
    site.findings.code({ type: 'Program', id: 'git-remote', ancestors: [] }, named.span, true)
    return { ...unknown(), understood: false }
  }
  if (REMOTE_NAME.test(text)) return local === undefined ? here : settledRemote(text, command, direction)
  return addressed(named, command, direction)
}

function settledRemote(name: string, command: GitCommand, direction: 'fetch' | 'push'): Remote {
  const { place } = command
  const config = place.local?.config
  if (config === undefined || place.local?.certain === false || isReconfigured(command.site)) return unknown()
  const forges = forgesOf(command)
  const named = isRemote(config, name)
  const found = named
    ? (direction === 'push' ? pushPlace : fetchPlace)(config, name, forges)
    : urlPlace(config, name, { push: direction === 'push', forges })
  // A word that is no remote is a folder, or in one of git's older lists of remotes.
  if (found === undefined || (!named && found.kind === 'path')) return unknown()
  return { ...at(found, command), name: named ? name : undefined }
}

/** A URL is a host, and anything else a path. */
function addressed(named: Argument, command: GitCommand, direction: 'fetch' | 'push'): Remote {
  const { place, site } = command
  const { text } = named
  const action = direction === 'push' ? 'net.send' : 'net.fetch'
  const config = place.local?.config
  const found = urlPlace(config, text, { push: direction === 'push', forges: forgesOf(command) })
  const scp = /^(?:[^@/\s]+@)?([^:/\s-][^:/\s]*):(?!\/\/)/.exec(text)
  if (scp !== null) site.findings.host({ ...named, text: scp[1] ?? '' }, action)
  else if (/^(https?|ssh|git|ftps?):\/\/[^-]/i.test(text)) site.findings.host(named, action)
  else {
    site.findings.path(named, direction === 'push' ? ['file.read', 'file.write'] : ['file.read'], {
      cwd: site.cwd,
    })
    return { ...(found === undefined ? unknown() : at(found, command)), understood: false }
  }
  if (found === undefined || place.local?.certain === false || isReconfigured(site)) return unknown()
  const name = config === undefined ? undefined : remoteOf(found, command)
  return { ...at(found, command), name }
}

/** The name of the remote that lies at the same place. */
function remoteOf(found: RemotePlace, command: GitCommand): string | undefined {
  const config = command.place.local?.config
  if (config === undefined || found.kind !== 'host') return undefined
  return remoteNames(config).find((name) => {
    const place = fetchPlace(config, name, forgesOf(command))
    return place?.kind === 'host' && place.id === found.id
  })
}

function at(found: RemotePlace, { place, site }: GitCommand): Remote {
  const known = { name: undefined, opaque: false, understood: true }
  if (found.kind === 'host')
    return { ...known, repository: { type: 'Repository', id: found.id, ancestors: [] } }
  // git reads a path from the top of the working tree.
  const start = place.local?.root
  const path = found.path.startsWith('/') || start === undefined ? found.path : `${start}/${found.path}`
  const { resource, opaque } = repositoryAt(path, site.findings.context)
  return { ...known, repository: resource, opaque }
}

function unknown(): Remote {
  return {
    repository: { type: 'Repository', id: '?', ancestors: [] },
    name: undefined,
    opaque: true,
    understood: true,
  }
}

function forgesOf({ site }: GitCommand) {
  return site.findings.context.repositories?.forges ?? USUAL_FORGES
}

function fetches(command: GitCommand): boolean {
  const { read, site, place, has } = command
  const [remote, ...refs] = read.positional
  const config = place.local?.config
  const names = has('all') && config !== undefined ? remoteNames(config) : undefined
  const asked = names?.map((name) => literalArgument(name, site.span)) ?? [remote]
  let understood = true
  for (const one of asked) {
    const found = findRemote(one, command, 'fetch')
    sayFetch(command, found)
    understood &&= found.understood
  }
  for (const { text } of refs) if (/^\+|:/.test(text)) command.say('git.rewrite')
  return understood && refs.every(({ kind, text }) => kind === 'literal' && !text.startsWith('-'))
}

function sayFetch({ site, place }: GitCommand, { repository, opaque }: Remote): void {
  site.findings.add('git.fetch', repository, { span: site.span, labels: place.labels, opaque })
}

function clone(command: GitCommand): boolean {
  const { read, site } = command
  const [from, into] = read.positional
  const name = /([^/:]+?)(?:\.git)?\/?$/.exec(from?.text ?? '')?.[1]
  const folder = into ?? (name === undefined ? undefined : literalArgument(name, from?.span ?? site.span))
  if (folder !== undefined) site.findings.path(folder, ['file.write'], { cwd: site.cwd, directory: true })
  if (from === undefined) return false
  // A clone knows no remotes: a plain word is a folder.
  const bare =
    REMOTE_NAME.test(from.text) && from.kind === 'literal' ? { ...from, text: `./${from.text}` } : from
  const found = findRemote(bare, command, 'fetch')
  sayFetch(command, found)
  return found.understood
}
