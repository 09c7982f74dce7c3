/**
 * What the last look at a record costs, before it goes to the ledger: a decision with its detail and arguments of 1 KiB,
 * 1, 10 and 100 known values, none of them in it, beside writing the same record as JSON. Interleaved; the minimum and the
 * median of the rounds, in microseconds.
 */
import { randomBytes } from 'node:crypto'
import { SecretScrubber } from '../src/classify/secrets/secret-scrubber.ts'
import type { Json } from '../src/core/json.ts'

const ROUNDS = 200
const TIMES = 50

const record: Json = {
  envelope: {
    v: 1,
    kind: 'decision',
    id: 'dec_01ktyjz8y5f3v9m0q2w4e6r8t0',
    tenant: 'default',
    at: '2026-11-27T00:00:00.000Z',
    identity: {
      human: 'alice',
      agent: { kind: 'claude-code', id: 'claude-1' },
      workflow: 'fix-tests',
      task: 'tsk_01ktyjz8y5f3v9m0q2w4e6r8t0',
      chain: ['tsk_01ktyjz8y5f3v9m0q2w4e6r8t0'],
      environment: { claimed: 'laptop', proved: false },
    },
    correlation: { requestId: '17', client: { name: 'claude-code', version: '2.1.0' } },
    call: { door: 'mcp', kind: 'tool', server: 'files', tool: 'write_file', definition: 'd'.repeat(64) },
    operations: [
      { action: 'tool.call', type: 'Tool', labels: [], opaque: false },
      { action: 'file.write', type: 'File', labels: ['source'], opaque: false },
    ],
    decision: {
      effect: 'allow',
      policies: ['write'],
      gates: [],
      errors: [],
      policyHash: 'e'.repeat(64),
      micros: 44,
    },
    protection: 'advisory',
  },
  detail: { resources: ['/home/alice/shop/src/cart.ts'], intent: 'mend the failing tests of the cart' },
  payload: {
    arguments: { path: '/home/alice/shop/src/cart.ts', content: 'total += item.price\n'.repeat(51) },
  },
}

function scrubberOf(values: number): SecretScrubber {
  const scrubber = new SecretScrubber()
  for (let at = 0; at < values; at += 1) scrubber.add(randomBytes(24).toString('base64url'), `s${at}`)
  return scrubber
}

const kinds = new Map<string, () => unknown>([['as JSON', () => JSON.stringify(record)]])
for (const values of [1, 10, 100]) {
  const scrubber = scrubberOf(values)
  kinds.set(`${values} known`, () => scrubber.json(record))
}
const taken = new Map<string, number[]>([...kinds.keys()].map((kind) => [kind, []]))
for (let round = 0; round < ROUNDS; round += 1) {
  for (const [kind, work] of kinds) {
    const started = process.hrtime.bigint()
    for (let at = 0; at < TIMES; at += 1) work()
    taken.get(kind)?.push(Number(process.hrtime.bigint() - started) / 1000 / TIMES)
  }
}
for (const [kind, all] of taken) {
  const sorted = all.toSorted((a, b) => a - b)
  const [least = 0, median = 0] = [sorted[0], sorted[ROUNDS / 2]]
  process.stdout.write(`${kind.padEnd(10)} ${least.toFixed(1)} (${median.toFixed(1)}) µs\n`)
}
