import { configOf } from './policy-folder.ts'
import type { PolicyComparison, Transition } from '../policy/compare-bundles.ts'
import type { Command, Io } from './command.ts'
import { paint } from './paint.ts'

export const policyDiff: Command = {
  path: 'policy diff',
  summary: 'say what a change of policies loosens or tightens',
  positionals: [
    { name: 'before', summary: 'folder as it was', offers: 'folders' },
    { name: 'after', summary: 'folder as it would be', offers: 'folders' },
  ],
  flags: [{ name: 'no-loosening', summary: 'exit with 1 when something is loosened' }],
  notes:
    'Decides the cases of both folders, and made-up requests for every action,\nresource type, label and fact. It shows what it met; it is no proof.',
  run: async (invocation) => {
    const { io, json, flags, positionals } = invocation
    const { loadCases, loadPack, packFolder } = await import('../server/load-pack.ts')
    const { compareBundles } = await import('../policy/compare-bundles.ts')
    const [before = '', after = ''] = positionals.map((name) => packFolder(io.cwd, name))
    const cases = await Promise.all([before, after].map(loadCases))
    const [was, is] = [
      await loadPack(before, configOf(invocation)),
      await loadPack(after, configOf(invocation)),
    ]
    const comparison = compareBundles(
      was,
      is,
      cases.flatMap((list) => list ?? []),
    )
    io.out(json ? `${JSON.stringify(comparison)}\n` : comparisonText(io, comparison))
    return flags['no-loosening'] === true && comparison.loosened.length > 0 ? 1 : 0
  },
}

function comparisonText(io: Io, comparison: PolicyComparison): string {
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
