/**
 * What taking the gateway's own credentials out of a result costs beside parsing it: 4 KiB and 256 KiB, 1, 10 and 100 known
 * values, none of them in the text. Interleaved; the minimum and the median of the rounds.
 */
import { randomBytes } from 'node:crypto'
import { SecretScrubber } from '../src/classify/secrets/secret-scrubber.ts'
import type { Json } from '../src/core/json.ts'

const ROUNDS = 60
const LINE =
  'export function total(items: Item[]): number { return items.reduce((a, b) => a + b.price, 0) }\n'

function result(bytes: number): string {
  const text = LINE.repeat(Math.ceil(bytes / LINE.length)).slice(0, bytes)
  return JSON.stringify({ content: [{ type: 'text', text }], resultType: 'complete' })
}

function scrubberOf(values: number): SecretScrubber {
  const scrubber = new SecretScrubber()
  for (let at = 0; at < values; at += 1) scrubber.add(randomBytes(24).toString('base64url'), `s${at}`)
  return scrubber
}

/** Microseconds of one of `times`. */
function timed(times: number, work: () => unknown): number {
  const started = process.hrtime.bigint()
  for (let at = 0; at < times; at += 1) work()
  return Number(process.hrtime.bigint() - started) / 1000 / times
}

for (const [name, bytes, times] of [
  ['4 KiB', 4_096, 400],
  ['256 KiB', 262_144, 10],
] as const) {
  const text = result(bytes)
  const parsed = JSON.parse(text) as Json
  const kinds = new Map<string, () => unknown>([['parse', () => JSON.parse(text) as Json]])
  for (const values of [1, 10, 100]) {
    const scrubber = scrubberOf(values)
    kinds.set(`scrub, ${values}`, () => scrubber.json(parsed))
  }
  const taken = new Map<string, number[]>()
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [kind, work] of kinds) taken.set(kind, [...(taken.get(kind) ?? []), timed(times, work)])
  }
  for (const [kind, all] of taken) {
    const sorted = all.toSorted((a, b) => a - b)
    const [least = 0, median = 0] = [sorted[0], sorted[Math.floor(sorted.length / 2)]]
    process.stdout.write(`${name}  ${kind.padEnd(12)} ${least.toFixed(1)} (${median.toFixed(1)}) µs\n`)
  }
}
