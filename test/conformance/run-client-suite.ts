import { execFile } from 'node:child_process'
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { GatewayAsClient } from './gateway-as-client.ts'
import type { Revision } from './run-suite.ts'

export interface ClientResult {
  readonly scenario: string
  readonly successes: number
  /** Ids of checks that failed, or that the suite warns of. */
  readonly findings: readonly string[]
}

interface Check {
  readonly id: string
  readonly status: string
}

const PACKAGE = fileURLToPath(
  new URL('../../node_modules/@modelcontextprotocol/conformance/', import.meta.url),
)

/**
 * Runs scenarios of authorization of the official suite with a gateway as the client under test.
 * @param which what the suite is asked for, such as `--requirements 2026-07-28`
 */
export async function runAsClient(which: readonly string[]): Promise<readonly ClientResult[]> {
  const folder = mkdtempSync(join(tmpdir(), 'remit-conformance-'))
  const client = new GatewayAsClient()
  try {
    const command = await client.start()
    await run(['client', ...which, '--command', command, '-o', folder], folder)
    return globSync('auth/*/checks.json', { cwd: folder })
      .map((file) => {
        const checks = JSON.parse(readFileSync(join(folder, file), 'utf8')) as readonly Check[]
        return {
          scenario: relative('.', dirname(file)).replace(/-\d{4}-\d\d-\d\dT.*$/, ''),
          successes: checks.filter(({ status }) => status === 'SUCCESS').length,
          findings: checks.flatMap(({ id, status }) =>
            status === 'FAILURE' || status === 'WARNING' ? [`${status} ${id}`] : [],
          ),
        }
      })
      .toSorted((a, b) => (a.scenario < b.scenario ? -1 : 1))
  } finally {
    await client.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The scenarios of authorization that a revision requires of clients. */
export async function requiredOfClients(revision: Revision): Promise<readonly string[]> {
  const yaml = await readFile(join(PACKAGE, `requirements/${revision}.yaml`), 'utf8')
  const section = /^client:\n((?: {2}- .*\n|\s*#.*\n)*)/m.exec(yaml)?.[1] ?? ''
  return [...section.matchAll(/^ {2}- (auth\/\S+)/gm)].map(([, scenario = '']) => scenario).toSorted()
}

/** Findings make the suite exit with 1: the results tell. */
function run(args: readonly string[], cwd: string): Promise<void> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [join(PACKAGE, 'dist/index.js'), ...args],
      { cwd, maxBuffer: 67_108_864 },
      () => resolve(),
    )
  })
}
