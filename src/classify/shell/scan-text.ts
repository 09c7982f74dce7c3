import type { Action } from '../../core/actions.ts'
import type { Label } from '../../core/labels.ts'
import { extractPath } from '../extract-paths.ts'
import { labelPath } from '../labels/label-path.ts'
import { unknownArguments, type Argument } from './argument.ts'
import { speaksOfEnvironment, speaksOfNetwork } from './code-idioms.ts'
import type { CommandSite } from './command-site.ts'
import { showEnvironment } from './environment.ts'

const MAX_TOKENS = 400
const MIN_CODE = 8
/** Longer than any line that is read at all. */
const MAX_CODE = 65_536
const MAX_FOUND = 20

/**
 * Looks in text that nobody understands here for what it plainly names: files of secrets, which it could read, files
 * that run or steer something, which it could write, URLs, and the usual ways to the network and to the environment.
 * Finding nothing means nothing.
 */
export function scanText(
  argument: Pick<Argument, 'text' | 'span'>,
  site: Pick<CommandSite, 'findings' | 'cwd'>,
): void {
  const { findings, cwd } = site
  const { text, span } = argument
  if (text.length >= MIN_CODE && text.length <= MAX_CODE) {
    if (speaksOfNetwork(text)) findings.host(unknownArguments(span), 'net.connect')
    if (speaksOfEnvironment(text)) showEnvironment({ findings, span })
  }
  for (const url of text.match(/\b(?:https?|wss?|ftp):\/\/[^\s'"`<>)]+/gi)?.slice(0, MAX_FOUND) ?? []) {
    findings.host({ text: url, kind: 'literal', splits: false, variables: [], span }, 'net.connect')
  }
  const names = text.split(/[\s'"`()<>[\]{}|;,=:&@]+/, MAX_TOKENS)
  let found = 0
  for (const name of new Set(names)) {
    const action = found < MAX_FOUND ? worst(name) : undefined
    if (action === undefined) continue
    found += 1
    const path = cwd === undefined || /^[/~]/.test(name) ? name : `${cwd}/${name}`
    findings.adopt(extractPath(path, { ...findings.context, actions: [action] }), span)
  }
}

/** Folders at the root of a machine; `'/api/users'` is no path of it. */
const PLACES =
  /(["'\x60])((?:~|\/(?:etc|usr|bin|sbin|boot|dev|home|root|var|opt|proc|sys|lib|lib64|mnt|media|srv|run|tmp|Users|Library|private|Volumes|System|Applications))(?:\/[^"'\x60\s*?]{0,200})?)[*?]*\1/g
const NOWHERE = /^\/dev\/(null|stdin|stdout|stderr|tty|zero|u?random)$/

/** Paths that program text names as whole strings: what it does to them nobody here knows, but it gets at them. */
export function scanQuotedPaths(
  { text, span }: Pick<Argument, 'text' | 'span'>,
  { findings }: Pick<CommandSite, 'findings'>,
): void {
  const paths = new Set([...text.slice(0, MAX_CODE).matchAll(PLACES)].map(([, , path = '']) => path))
  for (const path of [...paths].filter((each) => !NOWHERE.test(each)).slice(0, MAX_FOUND))
    findings.adopt(extractPath(path, { ...findings.context, actions: ['file.read'] }), span)
}

const STEERING: readonly Label[] = [
  'ci',
  'agent-config',
  'git-hook',
  'git-internal',
  'editor-task',
  'executable',
  'security-control',
  'infra-state',
]

function worst(name: string): Action | undefined {
  if (name.length < 4 || name.length > 256 || !/[./~]/.test(name) || /[*?$\\]/.test(name)) return undefined
  const { labels } = labelPath(name, false)
  if (labels.has('secret')) return 'file.read'
  return STEERING.some((label) => labels.has(label)) ? 'file.write' : undefined
}
