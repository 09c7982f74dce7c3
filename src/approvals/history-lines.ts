import type { SessionFacts } from '../core/facts.ts'
import { LABELS } from '../core/labels.ts'

const COUNTS = [
  ['writes', 'changed something'],
  ['denials', 'denied'],
  ['consents', 'asked a human'],
  ['errors', 'failed'],
] as const

const WORK = [
  ['files', 'files changed'],
  ['lines', 'lines changed'],
  ['pullRequests', 'pull requests'],
  ['ciRuns', 'CI runs'],
  ['installs', 'packages installed'],
] as const

/**
 * What the whole tree of tasks has done and read before this call. What an argument was made from nobody can tell; that
 * the agent knew what it had read when it wrote them, is said. `provenance-lines.ts` says where its texts were met.
 */
export function historyLines(history: SessionFacts): readonly string[] {
  if (history.calls === 0) return ['nothing: this is its first call']
  const counts = COUNTS.filter(([fact]) => history[fact] > 0).map(
    ([fact, words]) => `${history[fact]} ${words}`,
  )
  const work = WORK.filter(([fact]) => history[fact] > 0).map(([fact, words]) => `${history[fact]} ${words}`)
  const { labels } = history
  return [
    `${history.calls} calls${counts.length === 0 ? '' : `, of which ${counts.join(', ')}`}`,
    ...(work.length === 0 ? [] : [work.join(', ')]),
    ...(labels.length === 0
      ? ['it has read nothing that is labelled']
      : ['it has read, and what this call says may come from there:']),
    ...labels.map((label) => `  ${label === 'untrusted' ? '! ' : ''}[${label}] ${LABELS[label]}`),
  ]
}
