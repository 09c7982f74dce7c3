// Writes `bench/results/mutation.json` from the report of `npm run test:mutation`: how many mutants of each file the
// tests notice.
import { readFileSync, writeFileSync } from 'node:fs'

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

/** Share of the mutants tested that were noticed, in per cent; 100 where none was. */
function scoreOf({ killed, timeout, survived, noCoverage }: Counts): number {
  const noticed = killed + timeout
  const tested = noticed + survived + noCoverage
  return tested === 0 ? 100 : Math.round((1000 * noticed) / tested) / 10
}

const report = JSON.parse(readFileSync('build/mutation.json', 'utf8')) as Report
const files = Object.entries(report.files).map(([file, { mutants }]) => {
  const counts = countsOf(mutants.map(({ status }) => status))
  return [file, { score: scoreOf(counts), ...counts }] as const
})
const all = countsOf(
  Object.values(report.files).flatMap(({ mutants }) => mutants.map(({ status }) => status)),
)
const summary = {
  date: new Date().toISOString().slice(0, 10),
  total: { score: scoreOf(all), ...all },
  files: Object.fromEntries(files.toSorted(([a], [b]) => (a < b ? -1 : 1))),
}
writeFileSync('bench/results/mutation.json', `${JSON.stringify(summary, null, 2)}\n`)
console.log(`score ${summary.total.score} %`)
