// Brings `bench/results/mutation.json` up to date with reports of `npm run test:mutation`: how many mutants of each file
// the tests notice. Files that no report is about keep their row.
//   node scripts/summarise-mutation.ts [report.json …]
import { existsSync, readFileSync, writeFileSync } from 'node:fs'

const RECORD = 'bench/results/mutation.json'

interface Report {
  readonly files: { readonly [file: string]: { readonly mutants: readonly { readonly status: string }[] } }
}

interface Counts {
  readonly killed: number
  readonly timeout: number
  readonly survived: number
  readonly noCoverage: number
  /** Static: evaluated once, when a module is loaded, and not tested. */
  readonly ignored: number
  readonly errors: number
}

interface Recorded {
  readonly files: { readonly [file: string]: Counts }
}

function countsOf(statuses: readonly string[]): Counts {
  const count = (status: string): number => statuses.filter((each) => each === status).length
  return {
    killed: count('Killed'),
    timeout: count('Timeout'),
    survived: count('Survived'),
    noCoverage: count('NoCoverage'),
    ignored: count('Ignored'),
    errors: count('RuntimeError') + count('CompileError'),
  }
}

function sumOf(rows: readonly Counts[]): Counts {
  const sum = (name: keyof Counts): number => rows.reduce((total, row) => total + row[name], 0)
  return {
    killed: sum('killed'),
    timeout: sum('timeout'),
    survived: sum('survived'),
    noCoverage: sum('noCoverage'),
    ignored: sum('ignored'),
    errors: sum('errors'),
  }
}

/** With the share of the mutants tested that were noticed, in per cent; 100 where none was. */
function scored(counts: Counts): Counts & { readonly score: number } {
  const { killed, timeout, survived, noCoverage, ignored, errors } = counts
  const noticed = killed + timeout
  const tested = noticed + survived + noCoverage
  const score = tested === 0 ? 100 : Math.round((1000 * noticed) / tested) / 10
  return { score, killed, timeout, survived, noCoverage, ignored, errors }
}

const read = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'))
const rows = new Map(Object.entries(existsSync(RECORD) ? (read(RECORD) as Recorded).files : {}))
const [, , ...reports] = process.argv
for (const report of reports.length === 0 ? ['build/mutation.json'] : reports) {
  for (const [file, { mutants }] of Object.entries((read(report) as Report).files))
    rows.set(file, countsOf(mutants.map(({ status }) => status)))
}
const files = [...rows].filter(([file]) => existsSync(file)).toSorted(([a], [b]) => (a < b ? -1 : 1))
const summary = {
  date: new Date().toISOString().slice(0, 10),
  total: scored(sumOf(files.map(([, counts]) => counts))),
  files: Object.fromEntries(files.map(([file, counts]) => [file, scored(counts)])),
}
writeFileSync(RECORD, `${JSON.stringify(summary, null, 2)}\n`)
console.log(`score ${summary.total.score} %`)
