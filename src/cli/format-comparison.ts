import type { PolicyComparison, Transition } from '../policy/compare-bundles.ts'
import type { Io } from './command.ts'
import { paint } from './paint.ts'

/** What a change of policies loosens and tightens, for people. */
export function comparisonText(io: Io, comparison: PolicyComparison): string {
  const { loosened, tightened, otherwise, policies, requests } = comparison
  const names = (['added', 'removed', 'changed'] as const)
    .filter((kind) => policies[kind].length > 0)
    .map((kind) => `${kind}: ${policies[kind].join(', ')}\n`)
  const groups = [
    [paint(io, 'red', 'loosened'), loosened],
    [paint(io, 'green', 'tightened'), tightened],
    [paint(io, 'yellow', 'asks others'), otherwise],
  ] as const
  const found = groups.filter(([, list]) => list.length > 0).map(([title, list]) => groupText(title, list))
  if (found.length === 0) found.push('nothing is decided otherwise\n')
  return [...names, ...found, `${requests} requests were decided with both\n`].join('')
}

function groupText(title: string, transitions: readonly Transition[]): string {
  const lines = transitions.flatMap(({ from, to, policies, requests, examples }) => [
    `  ${from} ▸ ${to} by ${policies.join(', ')} (${requests} ${requests === 1 ? 'request' : 'requests'})`,
    ...examples.map((example) => `    ${example}`),
  ])
  return `${title}\n${lines.join('\n')}\n`
}
