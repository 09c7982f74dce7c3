import { spawn } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export type Revision = '2025-11-25' | '2026-07-28'

export interface ScenarioResult {
  readonly scenario: string
  /** False when the suite runs it without counting it. */
  readonly required: boolean
  readonly passed: boolean
  /** Ids of the checks that failed, with what they said. */
  readonly failures: readonly string[]
}

interface Check {
  readonly id: string
  readonly status: string
  readonly errorMessage?: string
}

const PACKAGE = fileURLToPath(
  new URL('../../node_modules/@modelcontextprotocol/conformance/', import.meta.url),
)

/** Scenarios of extensions that the gateway mediates: no revision requires them. */
export const EXTENSIONS = [
  'sep-2640-skills-enumeration',
  'sep-2640-skills-manifest',
  'sep-2640-skills-directory',
]

/**
 * Runs what one revision requires of servers, and the extensions, against a URL with the official suite.
 * The suite sends no credential, so the URL must need none.
 * @throws Error when the suite did not run at all
 */
export async function runSuite(options: {
  url: string
  revision: Revision
}): Promise<readonly ScenarioResult[]> {
  const folder = await mkdtemp(join(tmpdir(), 'remit-conformance-'))
  try {
    const suite = ['server', '--url', options.url, '-o', folder]
    const output = await run([...suite, '--requirements', options.revision], folder)
    for (const scenario of EXTENSIONS) {
      await run([...suite, '--scenario', scenario, '--spec-version', options.revision, '--force'], folder)
    }
    const required = await requiredScenarios(options.revision)
    const results = await readResults(folder, required)
    if (results.length === 0) throw new Error(`the conformance suite left no results:\n${output}`)
    const seen = new Set<string>(results.map((result) => result.scenario))
    const missing = [...required, ...EXTENSIONS].filter((scenario) => !seen.has(scenario))
    return [
      ...results,
      ...missing.map((scenario) => ({
        scenario,
        required: required.has(scenario),
        passed: false,
        failures: ['not run'],
      })),
    ]
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** The server scenarios that the revision's frozen list counts. */
export async function requiredScenarios(revision: Revision): Promise<ReadonlySet<string>> {
  const yaml = await readFile(join(PACKAGE, `requirements/${revision}.yaml`), 'utf8')
  const section = /^server:\n((?: {2}- .*\n|\s*#.*\n)*)/m.exec(yaml)?.[1] ?? ''
  return new Set([...section.matchAll(/^ {2}- (\S+)/gm)].map((match) => match[1] ?? ''))
}

async function readResults(folder: string, required: ReadonlySet<string>): Promise<ScenarioResult[]> {
  const results: ScenarioResult[] = []
  for (const entry of (await readdir(folder)).toSorted()) {
    const scenario = /^server-(.+?)-\d{4}-\d\d-\d\dT/.exec(entry)?.[1]
    if (scenario === undefined) continue
    const checks = JSON.parse(await readFile(join(folder, entry, 'checks.json'), 'utf8')) as readonly Check[]
    const failures = checks
      .filter((check) => check.status === 'FAILURE')
      .map((check) => `${check.id}: ${check.errorMessage ?? 'failed'}`)
    // Of an extension that is not claimed every check is skipped.
    if (!checks.some(({ status }) => status === 'SUCCESS')) failures.push('nothing succeeded')
    results.push({ scenario, required: required.has(scenario), passed: failures.length === 0, failures })
  }
  return results
}

function run(args: readonly string[], cwd: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(PACKAGE, 'dist/index.js'), ...args], {
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    const collect = (chunk: Buffer): void => {
      output = `${output}${chunk.toString()}`.slice(-20_000)
    }
    child.stdout.on('data', collect)
    child.stderr.on('data', collect)
    child.once('error', reject)
    // Failed scenarios make it exit with 1: the results tell.
    child.once('close', () => {
      resolve(output)
    })
  })
}

if (import.meta.main) {
  const [url = '', revision = '2026-07-28'] = process.argv.slice(2)
  const results = await runSuite({ url, revision: revision as Revision })
  for (const result of results) {
    const mark = result.passed ? 'pass' : 'FAIL'
    console.log(
      `${mark} ${result.required ? '' : '(not counted) '}${result.scenario} ${result.failures.join(' | ')}`,
    )
  }
  const counted = results.filter((result) => result.required)
  console.log(
    `${counted.filter((result) => result.passed).length} of ${counted.length} required scenarios pass`,
  )
}
