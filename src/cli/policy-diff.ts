import { configPlace } from './config-place.ts'
import type { Command } from './command.ts'
import { comparisonText } from './format-comparison.ts'

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
      await loadPack(before, configPlace(invocation)),
      await loadPack(after, configPlace(invocation)),
    ]
    const comparison = await compareBundles(
      was,
      is,
      cases.flatMap((list) => list ?? []),
    )
    io.out(json ? `${JSON.stringify(comparison)}\n` : comparisonText(io, comparison))
    return flags['no-loosening'] === true && comparison.loosened.length > 0 ? 1 : 0
  },
}
