import type { Action } from '../../../core/actions.ts'
import type { CommitRange } from '../../../core/operation.ts'
import { findBranch } from '../../git-refs.ts'
import { implicitPush, readRefspec, type PushedRef } from '../../repository/push-plan.ts'
import type { Argument } from '../argument.ts'
import { hasCommitted, isMoved } from './earlier.ts'
import type { GitCommand } from './git.ts'
import { findRemote, type Remote } from './git-remotes.ts'

/** A push: every ref that it changes in the repository that it goes to, with what the commits change. */
export function push(command: GitCommand): boolean {
  const { read, say, has, place, site } = command
  const [remote, ...words] = read.positional
  const target = findRemote(remote, command, 'push')
  const { fs } = site.findings.context
  // Before this says anything itself.
  const [moved, committed] = [isMoved(site), hasCommitted(site)]
  const force = has('f', 'force', 'force-with-lease', 'mirror', 'prune')
  const deletes = has('delete', 'd')
  if (has('no-verify')) say('control.weaken')
  const refs = tagsNamed(words)
  // All that is here, whatever that is.
  const whole = has('mirror', 'all', 'branches', 'tags', 'follow-tags')
  const how = { command, force, deletes, committed }
  if (whole || (refs.length === 0 && (deletes || moved))) sayRef(UNKNOWN, target, how)
  else if (refs.length === 0) sayRef(implicitPush(place.local, target.name, fs), target, how)
  for (const ref of refs) {
    const told = ref.kind === 'literal' && !(moved && /^\+?(HEAD|@)$/.test(ref.text))
    const found = told ? readRefspec(ref.text, place.local, { remote: target.name, fs }) : UNKNOWN
    sayRef(found, target, { ...how, word: ref })
  }
  const understoodOptions = pushOptions(command, target)
  return target.understood && understoodOptions && words.every(({ kind }) => kind === 'literal')
}

const UNKNOWN: PushedRef = { target: undefined, source: undefined, deletes: false, forces: false }

/** `tag v1` is one ref in two words. */
function tagsNamed(words: readonly Argument[]): readonly Argument[] {
  return words.flatMap((word, at) => {
    if (word.text === 'tag' && word.kind === 'literal' && words[at + 1] !== undefined) return []
    const named = words[at - 1]?.text === 'tag' && at > 0
    return [named ? { ...word, text: `refs/tags/${word.text}` } : word]
  })
}

function sayRef(
  ref: PushedRef,
  remote: Remote,
  how: {
    readonly command: GitCommand
    readonly force: boolean
    readonly deletes: boolean
    /** What is pushed is perhaps not there yet. */
    readonly committed: boolean
    readonly word?: Argument
  },
): void {
  const { command, word } = how
  const { site, place } = command
  const { resource, labels, opaque } = findBranch(ref.target, remote.repository)
  const say = (action: Action, more: { readonly opaque: boolean; readonly commits?: CommitRange }) =>
    site.findings.add(action, resource, {
      span: word?.span ?? site.span,
      labels: [...labels, ...place.labels],
      ...more,
    })
  const unclear = opaque || remote.opaque
  const gone = how.deletes || ref.deletes
  if (gone) say('git.push', { opaque: unclear })
  else
    say('git.push', {
      opaque: true,
      ...commitsOf(unclear || how.committed ? undefined : ref.source, remote, command),
    })
  if (gone) say('git.delete', { opaque: unclear })
  else if (how.force || ref.forces) say('git.rewrite', { opaque: unclear })
}

function commitsOf(
  source: string | undefined,
  { name }: Remote,
  { place: { local } }: GitCommand,
): { readonly commits?: CommitRange } {
  if (source === undefined || local === undefined) return {}
  const { gitDir, commonDir } = local
  return { commits: { gitDir, commonDir, source, ...(name === undefined ? {} : { remote: name }) } }
}

/** Forges act on options of a push: open and merge requests, skip or run pipelines. */
function pushOptions({ read, site, place }: GitCommand, { repository, opaque }: Remote): boolean {
  let understood = true
  for (const { option, argument } of read.values) {
    if (option !== 'o' && option !== 'push-option') continue
    const more = { span: argument.span, labels: place.labels, opaque: opaque || argument.kind !== 'literal' }
    const { text } = argument
    if (/^merge_request\.create$/.test(text)) site.findings.add('pr.open', repository, more)
    else if (/^merge_request\.(merge_when_pipeline_succeeds|auto_merge)$/.test(text))
      site.findings.add('pr.merge', repository, { ...more, opaque: true })
    else if (/^merge_request\.(title|description|draft|target)(=|$)/.test(text)) continue
    else if (/^(ci\.skip|secret_\w+\.\w+)(=|$)/.test(text))
      site.findings.add('control.weaken', repository, more)
    else understood = false
  }
  return understood
}
