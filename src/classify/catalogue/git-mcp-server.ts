import type { Action } from '../../core/actions.ts'
import type { JsonObject } from '../../core/json.ts'
import type { Operation } from '../../core/operation.ts'
import { extractCommand } from '../extract-command.ts'
import { names } from './describe-tool.ts'
import type { CatalogueEntry, DerivedEffect, ToolEntry } from './entry.ts'

/** The git command that a tool stands for. */
interface GitTool {
  readonly actions: readonly Action[]
  /** Verb and options, or those of each value of `mode`; the first is what no mode means. */
  readonly words: string | Readonly<Record<string, string>>
  /** Arguments that add an option when they are true. */
  readonly flags?: Readonly<Record<string, string>>
  /** Arguments that are the words of the command, in their order. */
  readonly operands?: string
  readonly plain?: string
}

const READ: Pick<GitTool, 'actions'> = { actions: ['git.read', 'file.read', 'file.list'] }

/** `@cyanheads/git-mcp-server` 2.15.1: each tool is the git command that it runs, in the folder `path`. */
const TOOLS: Readonly<Record<string, GitTool>> = {
  git_add: {
    actions: ['git.commit', 'file.list'],
    words: 'add',
    flags: { update: '-u', all: '-A', force: '-f' },
    operands: 'paths',
  },
  git_blame: { ...READ, words: 'blame', operands: 'filePath', plain: 'startLine endLine ignoreWhitespace' },
  git_branch: {
    actions: ['git.read', 'git.branch', 'git.delete', 'git.rewrite'],
    words: {
      list: 'branch --list',
      create: 'branch',
      delete: 'branch -d',
      rename: 'branch -m',
      'show-current': 'branch --show-current',
    },
    flags: { force: '-f' },
    operands: 'branchName newBranchName startPoint',
    plain: 'all remote merged noMerged limit',
  },
  git_checkout: {
    actions: ['git.branch', 'git.rewrite', 'file.write'],
    words: 'checkout',
    flags: { createBranch: '-b', force: '-f' },
    operands: 'target paths',
    plain: 'track',
  },
  git_cherry_pick: {
    actions: ['git.commit'],
    words: 'cherry-pick',
    operands: 'commits',
    plain: 'noCommit continueOperation abort mainline strategy signoff',
  },
  git_clean: {
    actions: ['file.delete', 'git.read'],
    words: 'clean',
    flags: { force: '-f', dryRun: '-n', directories: '-d', ignored: '-x' },
  },
  git_clone: {
    actions: ['git.fetch', 'net.fetch', 'file.write', 'file.read'],
    words: 'clone',
    operands: 'url',
    plain: 'branch depth bare mirror',
  },
  git_commit: {
    actions: ['git.commit', 'git.rewrite', 'control.weaken'],
    words: 'commit -m message',
    flags: { amend: '--amend', noVerify: '--no-verify', allowEmpty: '--allow-empty' },
    plain: 'message author filesToStage',
  },
  git_diff: {
    ...READ,
    words: 'diff',
    operands: 'target source',
    plain: 'paths staged includeUntracked nameOnly stat contextLines autoExclude',
  },
  git_fetch: {
    actions: ['git.fetch', 'net.fetch'],
    words: 'fetch',
    flags: { prune: '--prune', tags: '--tags' },
    operands: 'remote',
    plain: 'depth',
  },
  git_log: {
    ...READ,
    words: 'log',
    operands: 'branch filePath',
    plain: 'maxCount skip since until author grep oneline stat patch showSignature',
  },
  git_merge: {
    actions: ['git.commit'],
    words: 'merge',
    flags: { noFastForward: '--no-ff', squash: '--squash', abort: '--abort' },
    operands: 'branch',
    plain: 'strategy message',
  },
  git_pull: {
    actions: ['git.commit', 'git.fetch', 'git.rewrite', 'net.fetch'],
    words: 'pull',
    operands: 'remote branch',
    plain: 'rebase fastForwardOnly',
  },
  git_push: {
    actions: ['git.push', 'git.rewrite', 'git.delete'],
    words: 'push',
    flags: {
      force: '--force',
      forceWithLease: '--force-with-lease',
      setUpstream: '-u',
      tags: '--tags',
      delete: '--delete',
      dryRun: '-n',
    },
    operands: 'remote',
    plain: 'branch remoteBranch confirmed',
  },
  git_rebase: {
    actions: ['git.rewrite'],
    words: 'rebase',
    flags: { interactive: '-i' },
    operands: 'upstream branch',
    plain: 'mode onto preserve',
  },
  git_reflog: { ...READ, words: 'reflog', operands: 'ref', plain: 'maxCount' },
  git_remote: {
    actions: ['git.read', 'git.configure', 'net.connect'],
    words: {
      list: 'remote -v',
      add: 'remote add',
      remove: 'remote remove',
      rename: 'remote rename',
      'get-url': 'remote get-url',
      'set-url': 'remote set-url',
    },
    operands: 'name newName url',
    plain: 'push',
  },
  git_reset: {
    actions: ['git.commit', 'git.rewrite'],
    words: {
      mixed: 'reset --mixed',
      soft: 'reset --soft',
      hard: 'reset --hard',
      merge: 'reset --merge',
      keep: 'reset --keep',
    },
    operands: 'target',
    plain: 'paths confirmed',
  },
  git_show: { ...READ, words: 'show', operands: 'object filePath', plain: 'format stat' },
  git_stash: {
    actions: ['git.commit', 'git.read', 'git.delete'],
    words: {
      push: 'stash push',
      list: 'stash list',
      pop: 'stash pop',
      apply: 'stash apply',
      drop: 'stash drop',
      clear: 'stash clear',
    },
    plain: 'message stashRef includeUntracked keepIndex limit',
  },
  git_status: { ...READ, words: 'status', plain: 'includeUntracked' },
  git_tag: {
    actions: ['git.read', 'git.branch', 'git.delete', 'git.rewrite'],
    words: { list: 'tag --list', create: 'tag', delete: 'tag -d', verify: 'tag --list' },
    flags: { force: '-f' },
    operands: 'tagName commit',
    plain: 'message annotated limit',
  },
}

export const GIT_MCP_SERVER: CatalogueEntry = new Map<string, ToolEntry>(
  Object.entries(TOOLS).map(([name, described]) => [name, entry(name, described)]),
)

function entry(name: string, described: GitTool): ToolEntry {
  const { words, flags = {}, operands = '', plain = '', actions } = described
  const derived: DerivedEffect = {
    actions: [...actions, 'shell.execute'],
    from: (input, context) => {
      const command = name === 'git_push' ? pushOf(input, described) : commandOf(input, described)
      const operations = extractCommand([...(command ?? ['?'])], {
        ...context,
        root: folderOf(input['path']),
        actions: ['shell.execute'],
        pointer: '/path',
      })
      return operations.map((operation): Operation => ({ ...operation, origin: { pointer: '' } }))
    },
  }
  const mode = typeof words === 'string' ? [] : ['mode']
  return {
    effects: [],
    plain: ['path', ...mode, ...Object.keys(flags), ...names(operands), ...names(plain)],
    derived,
  }
}

/** Without an absolute path it is the folder that an earlier call has set, which nobody here knows. */
function folderOf(path: unknown): string {
  return typeof path === 'string' && /^(\/|~)/.test(path) ? path : '/?'
}

/** `undefined` = an argument is no text, or could be taken for an option. */
function commandOf(input: JsonObject, { words, flags = {}, operands = '' }: GitTool): string[] | undefined {
  const start = typeof words === 'string' ? words : modeWords(words, input['mode'])
  const more = names(operands).flatMap((name): readonly unknown[] => {
    const value = input[name]
    return value === undefined || value === null ? [] : Array.isArray(value) ? value : [value]
  })
  const texts = more.filter((word): word is string => typeof word === 'string' && isOperand(word))
  if (start === undefined || texts.length < more.length) return undefined
  const given = Object.entries(flags).filter(([name]) => input[name] !== undefined && input[name] !== false)
  return ['git', ...start.split(' '), ...given.map(([, flag]) => flag), ...texts]
}

function modeWords(words: Readonly<Record<string, string>>, mode: unknown): string | undefined {
  if (mode === undefined) return Object.values(words)[0]
  return typeof mode === 'string' && Object.hasOwn(words, mode) ? words[mode] : undefined
}

function isOperand(word: string): boolean {
  return word !== '' && !word.startsWith('-')
}

/** A branch and its name there are one refspec. */
function pushOf(input: JsonObject, described: GitTool): string[] | undefined {
  const command = commandOf({ ...input, remote: input['remote'] ?? 'origin' }, described)
  const { branch, remoteBranch } = input
  if (branch === undefined && remoteBranch === undefined) return command
  const from = branch ?? 'HEAD'
  if (typeof from !== 'string' || (remoteBranch !== undefined && typeof remoteBranch !== 'string'))
    return undefined
  const refspec =
    remoteBranch === undefined ? from : input['delete'] === true ? remoteBranch : `${from}:${remoteBranch}`
  return isOperand(refspec) ? command && [...command, refspec] : undefined
}
