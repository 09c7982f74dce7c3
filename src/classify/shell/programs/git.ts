import type { Action } from '../../../core/actions.ts'
import { findBranch } from '../../git-refs.ts'
import { applyRole } from '../apply-spec.ts'
import { literalArgument, type Argument } from '../argument.ts'
import type { CommandSite, ProgramReader } from '../command-site.ts'
import { repositoryAt, type RepositoryPlace } from '../../repository/repository-at.ts'
import { readOptions, type ReadOptions } from '../read-options.ts'
import type { ProgramSpec } from '../spec.ts'
import { GIT_READS, GIT_WRITES } from './git-options.ts'
import { push } from './git-push.ts'
import { readGitRemote } from './git-remotes.ts'

const GLOBAL: ProgramSpec = {
  flags: 'P',
  long: 'no-pager no-optional-locks literal-pathspecs version bare no-replace-objects',
  values: { plain: 'C', no: 'c git-dir work-tree exec-path config-env namespace super-prefix' },
  leading: true,
  rest: 'plain',
}

/** A git command with its verb taken off, and what to say of its repository. */
export interface GitCommand {
  readonly site: CommandSite
  readonly read: ReadOptions
  readonly place: RepositoryPlace
  readonly say: (action: Action, more?: { readonly opaque?: boolean }) => void
  /** Of the repository here. */
  readonly branch: (action: Action, name: Argument | undefined) => void
  readonly has: (...names: readonly string[]) => boolean
}

/** `git`, its own options first: what `-c`, `--exec-path` and their like make it do is not told. */
export const git: ProgramReader = (outer) => {
  const read = readOptions(GLOBAL, outer.args)
  const [verb, ...args] = read.positional
  if (verb === undefined) return read.understood && read.given.size > 0
  let { cwd } = outer
  for (const { option, argument } of read.values) {
    if (option !== 'C') continue
    outer.findings.path(argument, ['file.list'], { cwd, directory: true })
    const absolute = /^[/~]/.test(argument.text)
    cwd =
      argument.kind !== 'literal'
        ? undefined
        : absolute || cwd === '.'
          ? argument.text
          : cwd && `${cwd}/${argument.text}`
  }
  const site = { ...outer, cwd, args }
  const spec = Object.hasOwn(GIT_READS, verb.text) ? GIT_READS[verb.text] : GIT_WRITES[verb.text]
  const command = gitCommand(site, spec)
  let clear = true
  for (const { role, argument } of command.read.values) {
    if (role !== 'plain' && role !== 'no' && !applyRole(role, argument, site)) clear = false
  }
  const known = verb.kind === 'literal' && readVerb(verb.text, command, site)
  return known && clear && read.understood && command.read.understood
}

function gitCommand(site: CommandSite, spec: ProgramSpec | undefined): GitCommand {
  const read = readOptions(spec ?? { rest: 'plain' }, site.args)
  const { findings, span, cwd } = site
  const repository = repositoryAt(cwd, findings.context)
  return {
    site,
    read,
    place: repository,
    say: (action, { opaque = false } = {}) =>
      findings.add(action, repository.resource, {
        span,
        labels: repository.labels,
        opaque: opaque || repository.opaque,
      }),
    branch: (action, name) => {
      const literal = name === undefined || name.kind === 'literal' ? name?.text : undefined
      const { resource, labels, opaque } = findBranch(literal, repository.resource)
      findings.add(action, resource, {
        span: name?.span ?? span,
        labels: [...labels, ...repository.labels],
        opaque,
      })
    },
    has: (...names) => names.some((name) => read.given.has(name)),
  }
}

type VerbReader = (command: GitCommand) => boolean

function readVerb(verb: string, command: GitCommand, site: CommandSite): boolean {
  const remote = readGitRemote(verb, command)
  if (remote !== undefined) return remote
  if (Object.hasOwn(VERBS, verb)) return VERBS[verb]?.(command) ?? false
  if (Object.hasOwn(GIT_READS, verb)) return looks(command, verb)
  command.say('git.configure', { opaque: true })
  for (const argument of site.args) if (/[/.]/.test(argument.text)) applyRole('read', argument, site)
  return false
}

/** Verbs that look. Paths among their arguments may name secrets that are kept in the history. */
function looks({ say, read, site, has }: GitCommand, verb: string): boolean {
  say('git.read')
  if (verb === 'reflog' && /^(expire|delete|drop)$/.test(read.positional[0]?.text ?? '')) {
    say('git.rewrite')
    return true
  }
  // `git diff --no-index` and `git show rev:path` read what the path names.
  for (const { text, span, kind } of read.positional) {
    const path = kind === 'literal' ? (/^[^:]*:(.+)$/.exec(text)?.[1] ?? text) : ''
    if (/[/.]/.test(path) && !isRange(path) && !/^(origin|upstream)\//.test(path)) {
      const actions: readonly Action[] =
        !has('p', 'u', 'patch', 'G', 'S', 'cc', 'c') &&
        /^(log|shortlog|ls-files|ls-tree|check-ignore|check-attr|status|rev-list)$/.test(verb)
          ? ['file.list']
          : ['file.read']
      site.findings.path(literalArgument(path, span), actions, { cwd: site.cwd })
    }
  }
  return !has('ext-diff', 'textconv')
}

/** Two commits, or one of the names that only git makes. */
function isRange(text: string): boolean {
  return /[^/.]\.{2,3}($|[^/.])|^\.{2,3}[^/.]|[@^~]\{|^https?:/.test(text)
}

const VERBS: Readonly<Record<string, VerbReader>> = {
  push,
  add: ({ say, read, site }) => {
    say('git.commit')
    return read.positional.every((path) => !path.text.startsWith(':') && applyRole('list', path, site))
  },
  commit: ({ say, has }) => {
    say('git.commit')
    if (has('n', 'no-verify')) say('control.weaken')
    if (has('amend')) say('git.rewrite')
    const told = has('m', 'message', 'F', 'file', 'C', 'reuse-message', 'no-edit', 'fixup', 'dry-run')
    // Without a message an editor opens, which nobody at the terminal closes.
    return told
  },
  rm: ({ say, read, site, has }) => {
    say('git.commit')
    const role = has('cached') ? 'list' : has('r') ? 'delete-tree' : 'delete'
    return read.positional.every((path) => applyRole(role, path, site))
  },
  mv: ({ say, read, site }) => {
    say('git.commit')
    return read.positional.every((path, at) =>
      applyRole(at === read.positional.length - 1 ? 'write' : 'move', path, site),
    )
  },
  restore: ({ say, read, site, has }) => {
    say(has('S', 'staged') && !has('W', 'worktree') ? 'git.commit' : 'git.rewrite')
    return read.positional.every((path) => applyRole(has('S', 'staged') ? 'list' : 'write', path, site))
  },
  branch: branchVerb,
  tag: ({ say, branch, read, has }) => {
    const [name] = read.positional
    if (name === undefined || has('l', 'list')) say('git.read')
    else
      branch(
        has('d', 'delete') ? 'git.delete' : has('f', 'force') ? 'git.rewrite' : 'git.branch',
        tagRef(name),
      )
    return true
  },
  checkout: ({ say, branch, read, site, has }) => {
    const made = read.values.find(({ option }) => /^(b|B|orphan)$/.test(option))?.argument
    if (made !== undefined) branch(has('B') ? 'git.rewrite' : 'git.branch', made)
    else if (
      site.args.some(({ text }) => text === '--') ||
      read.positional.length > 1 ||
      isPath(read.positional[0], site)
    ) {
      // Throws away what was changed there.
      say('git.rewrite')
      for (const path of read.positional.slice(site.args[0]?.text === '--' ? 0 : 1))
        applyRole('write', path, site)
    } else say(has('f', 'force') ? 'git.rewrite' : 'git.branch')
    return read.positional.every(({ kind, text }) => kind === 'literal' && !text.startsWith('-'))
  },
  switch: ({ say, branch, read, has }) => {
    const made = read.values.find(({ option }) => /^(c|C|create|force-create|orphan)$/.test(option))?.argument
    if (made !== undefined) branch(has('C', 'force-create') ? 'git.rewrite' : 'git.branch', made)
    else say(has('f', 'force', 'discard-changes') ? 'git.rewrite' : 'git.branch')
    return true
  },
  merge: ({ say, has, read }) => {
    say('git.commit')
    if (has('no-verify')) say('control.weaken')
    return read.positional.every(({ kind }) => kind === 'literal')
  },
  'cherry-pick': ({ say }) => (say('git.commit'), true),
  revert: ({ say }) => (say('git.commit'), true),
  stash: ({ say, read }) => {
    const what = read.positional[0]?.text ?? 'push'
    if (/^(list|show)$/.test(what)) say('git.read')
    else if (/^(drop|clear)$/.test(what)) say('git.delete')
    else say('git.commit')
    return /^(list|show|drop|clear|push|pop|apply|save|branch)$/.test(what)
  },
  reset: ({ say, has, read }) => {
    const [target, ...more] = read.positional
    // To another commit, rather than of some files.
    const moves = more.length === 0 && /[~^@]|^[0-9a-f]{7,40}$|^(origin|upstream)\//.test(target?.text ?? '')
    say(moves || has('hard', 'merge', 'keep', 'soft', 'mixed') ? 'git.rewrite' : 'git.commit')
    return read.positional.every(({ kind }) => kind === 'literal')
  },
  rebase: ({ say, has }) => {
    say('git.rewrite')
    if (has('no-verify')) say('control.weaken')
    return !has('i', 'interactive')
  },
  init: ({ say, read, site }) => {
    say('git.branch')
    return read.positional.every((path) => applyRole('folder', path, site))
  },
  clean: ({ say, read, site, has }) => {
    if (has('n', 'dry-run')) {
      say('git.read')
      return true
    }
    const places = read.positional.length > 0 ? read.positional : [literalArgument('.', site.span)]
    return places.every((path) => applyRole('delete-tree', path, site))
  },
  gc: ({ say }) => (say('git.commit'), true),
  config: configVerb,
  remote: ({ say, read, site }) => {
    const what = read.positional[0]?.text ?? 'list'
    const [, , url] = read.positional
    if (
      /^(list|show|get-url|-v|--verbose)$/.test(what) ||
      site.args.every(({ text }) => /^-v|--verbose$/.test(text))
    ) {
      say('git.read')
      return site.args.every(({ text }) => /^(-v|--verbose|show|get-url|[\w./-]+)$/.test(text))
    }
    say('git.configure')
    if (url !== undefined && /^(add|set-url)$/.test(what)) site.findings.host(url, 'net.connect')
    return /^(add|set-url|rename|remove|rm|prune)$/.test(what) && read.understood
  },
  worktree: ({ say, read, site }) => {
    const [what, path] = read.positional
    say(what?.text === 'list' ? 'git.read' : 'git.branch')
    if (path !== undefined && /^(add|remove|move)$/.test(what?.text ?? '')) {
      applyRole(what?.text === 'remove' ? 'delete-tree' : 'folder', path, site)
    }
    return what?.text === 'list'
  },
  'filter-branch': ({ say }) => (say('git.rewrite'), say('control.weaken'), false),
  'filter-repo': ({ say }) => (say('git.rewrite'), false),
  'update-ref': ({ say }) => (say('git.rewrite'), false),
  'symbolic-ref': ({ say, read }) => (
    say(read.positional.length > 1 ? 'git.rewrite' : 'git.read'),
    read.positional.length === 1
  ),
  apply: ({ say, read, site }) => {
    say('git.commit')
    for (const path of read.positional) applyRole('read', path, site)
    site.findings.path(literalArgument('.', site.span), ['file.write'], { cwd: site.cwd, directory: true })
    return false
  },
  am: ({ say }) => (say('git.commit'), false),
}

function branchVerb({ say, branch, read, has }: GitCommand): boolean {
  const [name, other] = read.positional
  if (has('d', 'D', 'delete')) {
    for (const each of read.positional) branch('git.delete', each)
  } else if (has('m', 'M', 'move', 'c', 'C', 'copy')) {
    branch('git.rewrite', other ?? name)
  } else if (has('u', 'set-upstream-to', 'unset-upstream')) say('git.branch')
  else if (
    name === undefined ||
    has('l', 'list', 'contains', 'merged', 'no-merged', 'a', 'r', 'all', 'show-current')
  ) {
    say('git.read')
  } else branch(has('f', 'force') ? 'git.rewrite' : 'git.branch', name)
  return true
}

const SAFE_KEY =
  /^(user\.(name|email)|init\.defaultbranch|pull\.(rebase|ff)|push\.(default|autosetupremote|followtags)|fetch\.prune|color\..*|core\.(autocrlf|eol|ignorecase|filemode|quotepath|longpaths)|branch\.[\w./-]+\.(merge|rebase|description)|merge\.conflictstyle|diff\.(algorithm|colormoved)|rerere\.enabled|advice\..*|log\.date|commit\.gpgsign|tag\.sort|branch\.sort|column\.ui)$/i

/** Most settings of git name programs: hooks, pagers, editors, helpers, aliases, filters, proxies. */
function configVerb({ say, site }: GitCommand): boolean {
  const words = site.args.filter(
    ({ text }) =>
      !/^(--(local|global|system|worktree|show-origin|show-scope|bool|int|type=\w+|null)|-z)$/.test(text),
  )
  const away = site.args.some(({ text }) => /^--(global|system)$/.test(text))
  const [first, second, third] = words
  const literal = words.every(({ kind }) => kind === 'literal')
  const asks = /^(--get|--get-all|get)$/.test(first?.text ?? '')
  const key = asks || /^(set|--add)$/.test(first?.text ?? '') ? second : first
  const lists = /^(--list|-l|list|--get-regexp)$/.test(first?.text ?? '')
  const reads = asks ? words.length === 2 : words.length === 1 && first?.text.startsWith('-') !== true
  if (literal && reads && !/token|password|extraheader|credential|helper|url/i.test(key?.text ?? '')) {
    say('git.read')
    return true
  }
  if (lists || reads) {
    // Settings may hold credentials: headers, and URLs with a user and a password.
    say('git.read', { opaque: true })
    return false
  }
  say('git.configure')
  if (third?.text.startsWith('!') === true || !SAFE_KEY.test(key?.text ?? '')) {
    site.findings.code(
      { type: 'Program', id: `git config ${key?.text ?? '?'}`.slice(0, 200), ancestors: [] },
      site.span,
      true,
    )
    return false
  }
  return literal && !away
}

function tagRef(name: Argument): Argument {
  return name.kind === 'literal' && !name.text.startsWith('-')
    ? { ...name, text: `refs/tags/${name.text}` }
    : name
}

/** A file that is there is restored, and what was changed in it lost. */
function isPath(argument: Argument | undefined, { findings, cwd }: CommandSite): boolean {
  if (argument === undefined || argument.kind !== 'literal') return false
  if (/^(\.{1,2}(\/|$)|\/)/.test(argument.text)) return true
  const { fs, root, workspace } = findings.context
  const base = root ?? workspace
  if (fs === undefined || base === undefined || cwd === undefined) return false
  try {
    return fs.entry(`${base}/${cwd}/${argument.text}`) !== undefined
  } catch {
    return true
  }
}
