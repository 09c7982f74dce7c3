import type { Argument } from '../argument.ts'
import { literalArgument } from '../argument.ts'
import type { GitCommand } from './git.ts'

const REMOTE_NAME = /^[A-Za-z0-9][\w.-]*$/

/** Verbs that speak with another repository; `undefined` = none of them. */
export function readGitRemote(verb: string, command: GitCommand): boolean | undefined {
  switch (verb) {
    case 'push':
      return push(command)
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

/** A remote by its name is the repository's own; a URL is a host. False = it could run something. */
function reach(
  remote: Argument | undefined,
  { site, say }: GitCommand,
  action: 'net.fetch' | 'net.send',
): boolean {
  if (action === 'net.fetch') say('git.fetch')
  if (remote === undefined) return true
  if (remote.kind !== 'literal') {
    site.findings.host(remote, action)
    return false
  }
  const { text } = remote
  // `ext::sh -c …` and other helpers; a name that would be an option.
  if (/^[\w+-]+::/.test(text) || text.startsWith('-')) {
    site.findings.code({ type: 'Program', id: 'git-remote', ancestors: [] }, remote.span, true)
    return false
  }
  if (REMOTE_NAME.test(text)) return true
  const scp = /^(?:[^@/\s]+@)?([^:/\s-][^:/\s]*):(?!\/\/)/.exec(text)
  if (scp !== null) site.findings.host({ ...remote, text: scp[1] ?? '' }, action)
  else if (/^(https?|ssh|git|ftps?):\/\/[^-]/i.test(text)) site.findings.host(remote, action)
  else {
    site.findings.path(remote, action === 'net.send' ? ['file.read', 'file.write'] : ['file.read'], {
      cwd: site.cwd,
    })
    return false
  }
  return true
}

function fetches(command: GitCommand): boolean {
  const [remote, ...refs] = command.read.positional
  const reached = reach(remote, command, 'net.fetch')
  for (const { text } of refs) if (/^\+|:/.test(text)) command.say('git.rewrite')
  return reached && refs.every(({ kind, text }) => kind === 'literal' && !text.startsWith('-'))
}

function clone(command: GitCommand): boolean {
  const { read, site } = command
  const [from, into] = read.positional
  const name = /([^/:]+?)(?:\.git)?\/?$/.exec(from?.text ?? '')?.[1]
  const folder = into ?? (name === undefined ? undefined : literalArgument(name, from?.span ?? site.span))
  if (folder !== undefined) site.findings.path(folder, ['file.write'], { cwd: site.cwd, directory: true })
  return reach(from, command, 'net.fetch') && from !== undefined
}

/** Every ref is an operation; without any, the current branch is meant, which nobody here knows. */
function push(command: GitCommand): boolean {
  const { read, branch, say, has } = command
  const [remote, ...refs] = read.positional
  const reached = reach(remote, command, 'net.send')
  const force = has('f', 'force', 'force-with-lease', 'mirror', 'prune')
  if (has('no-verify')) say('control.weaken')
  if (has('mirror', 'all', 'branches', 'tags') || refs.length === 0) {
    branch('git.push', undefined)
    if (force) branch('git.rewrite', undefined)
    if (has('delete', 'd')) branch('git.delete', undefined)
  }
  for (const ref of refs) pushRef(ref, command, force)
  return reached && refs.every(({ kind }) => kind === 'literal')
}

function pushRef(ref: Argument, { branch, has }: GitCommand, force: boolean): void {
  const forced = ref.text.startsWith('+')
  const text = forced ? ref.text.slice(1) : ref.text
  const colon = text.indexOf(':')
  const name = { ...ref, text: colon === -1 ? text : text.slice(colon + 1) }
  branch('git.push', name)
  if (has('delete', 'd') || colon === 0) branch('git.delete', name)
  else if (force || forced) branch('git.rewrite', name)
}
