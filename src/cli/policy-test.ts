import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { RemitError } from '../core/errors.ts'
import type { PolicyCase } from '../policy/case-schema.ts'
import type { Coverage, CoverageGap } from '../policy/cover-cases.ts'
import type { ParsedPolicy } from '../policy/parse-job.ts'
import type { CaseResult } from '../policy/run-cases.ts'
import { configPlace } from './config-place.ts'
import { type Command, countFlag, type Io, textFlag } from './command.ts'
import { junitXml } from './junit.ts'
import { paint } from './paint.ts'
import { PACK_FOLDER } from './policy-folder.ts'

export const policyTest: Command = {
  path: 'policy test',
  summary: 'run the cases of a folder against its policies',
  positionals: [PACK_FOLDER],
  flags: [
    { name: 'filter', takes: 'text', summary: 'only cases whose name holds this text' },
    { name: 'junit', takes: 'file', offers: 'files', summary: 'write a JUnit report as well' },
    { name: 'coverage', summary: 'list the rules and conditions that no case exercises' },
    { name: 'threshold', takes: 'percent', summary: 'fail when cases exercise less than this' },
  ],
  notes:
    'Cases are in the folder’s cases.yaml; docs/policy.md describes them. A rule is\nexercised when it holds in some case, a condition when in some case it is what\nkeeps its rule from holding.',
  run: async (invocation) => {
    const { io, json, flags, positionals } = invocation
    const threshold = countFlag(invocation, 'threshold', 100)
    const { loadCases, loadPack, packFolder } = await import('../server/load-pack.ts')
    const { runCases } = await import('../policy/run-cases.ts')
    const folder = packFolder(io.cwd, positionals[0] ?? '')
    const { set, parsed } = await loadPack(folder, configPlace(invocation))
    const all = await loadCases(folder)
    if (all === undefined) {
      throw new RemitError('policy_invalid', `\`${folder}\` has no cases.yaml; docs/policy.md has the format`)
    }
    const filter = textFlag(invocation, 'filter') ?? ''
    const cases = all.filter(({ name }) => name.includes(filter))
    const results = runCases(set, cases)
    const coverage = await coverageOf(parsed.policies, cases)
    const failed = results.filter(({ differences }) => differences.length > 0)
    const junit = textFlag(invocation, 'junit')
    if (junit !== undefined) await writeFile(resolve(io.cwd, junit), junitXml(folder, results))
    const enough = threshold === undefined || coverage.percent >= threshold
    if (json)
      io.out(`${JSON.stringify({ passed: results.length - failed.length, cases: results, coverage })}\n`)
    else {
      io.out(resultText(io, results))
      io.out(coverageText(coverage, flags['coverage'] === true || !enough))
      if (!enough) io.out(`${paint(io, 'red', 'too little')}: ${threshold} % was asked for\n`)
    }
    // A filter that matches nothing is a mistake, not a success.
    return failed.length === 0 && enough && cases.length > 0 ? 0 : 1
  },
}

async function coverageOf(
  policies: readonly ParsedPolicy[],
  cases: readonly PolicyCase[],
): Promise<Coverage> {
  const { coverCases } = await import('../policy/cover-cases.ts')
  const { dissectPolicy } = await import('../policy/dissect-policy.ts')
  return coverCases(policies.map(dissectPolicy), cases)
}

function resultText(io: Io, results: readonly CaseResult[]): string {
  const failed = results.filter(({ differences }) => differences.length > 0)
  const lines = failed.flatMap(({ name, differences }) => [
    `${paint(io, 'red', 'failed')}  ${name}`,
    ...differences.flatMap((difference) => difference.split('\n').map((line) => `        ${line}`)),
  ])
  const passed = results.length - failed.length
  return [...lines, `${passed} of ${results.length} cases passed`, ''].join('\n')
}

function coverageText({ covered, total, percent, gaps }: Coverage, listed: boolean): string {
  const head = `cases exercise ${percent} % of rules and conditions (${covered} of ${total})\n`
  return listed ? head + gaps.map((gap) => `  ${gapText(gap)}\n`).join('') : head
}

function gapText({ file, line, policy, condition }: CoverageGap): string {
  const what =
    condition === undefined ? 'never holds' : `never stopped by ${condition.kind} ${condition.text}`
  return `${file}:${line}: ${policy} ${what}`
}
