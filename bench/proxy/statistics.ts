import { cpus } from 'node:os'
import { mkdirSync, writeFileSync } from 'node:fs'

/** Minimum and median of what the rounds measured: the round least disturbed, and the usual one. */
export function summary(list: readonly number[]): { readonly min: number; readonly median: number } {
  const sorted = list.toSorted((a, b) => a - b)
  return { min: sorted[0] ?? Number.NaN, median: sorted[Math.floor(sorted.length / 2)] ?? Number.NaN }
}

/** Writes `bench/results/<name>.json` with the date and the machine; numbers with three decimals. */
export function writeResults(name: string, report: object): void {
  const folder = new URL('../results/', import.meta.url)
  mkdirSync(folder, { recursive: true })
  const machine = {
    cpu: cpus()[0]?.model,
    cores: cpus().length,
    node: process.version,
    platform: process.platform,
  }
  const text = JSON.stringify(
    { date: new Date().toISOString(), machine, ...report },
    (_key, value: unknown) => (typeof value === 'number' ? Math.round(value * 1000) / 1000 : value),
    2,
  )
  writeFileSync(new URL(`${name}.json`, folder), `${text}\n`)
}
