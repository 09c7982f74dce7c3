import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openExport } from '../../../src/audit/open-export.ts'
import { toHex } from '../../../src/audit/merkle-hash.ts'
import { type VerifyReport, verifyLedger } from '../../../src/audit/verify.ts'
import type { Finding } from '../../../src/audit/verify-findings.ts'
import { otherTime, rewrite } from './rewrite.ts'
import { RECORDS, STEP, type Sample } from './sample.ts'
import type { Tampering } from './tamper-database.ts'

type Random = (below: number) => number
type Tamper = (lines: Buffer[], random: Random, sample: Sample) => Tampering

interface Line {
  readonly record?: { readonly index: number; readonly body: string }
  readonly checkpoint?: { readonly size: number }
}

function parsed(line: Buffer): Line {
  return JSON.parse(line.toString('utf8')) as Line
}

/** Found at the line that was changed, or at what stood there. */
function atLine(lines: readonly Buffer[], number: number): (finding: Finding) => boolean {
  const { record, checkpoint } = parsed(lines[number] ?? Buffer.from('{}'))
  const index = record?.index ?? checkpoint?.size
  return (finding) =>
    finding.text.includes(`line ${number + 1} `) ||
    finding.text.startsWith('the end') ||
    (index === undefined ? finding.kind === 'damage' : finding.index === index) ||
    (checkpoint !== undefined && ['checkpoint', 'truncated'].includes(finding.kind))
}

/** Never the header, without which a file is no export at all. */
function anyLine(lines: readonly Buffer[], random: Random): number {
  return 1 + random(lines.length - 1)
}

const flip: Tamper = (lines, random) => {
  const number = anyLine(lines, random)
  const isFound = atLine(lines, number)
  const line = Buffer.from(lines[number] ?? Buffer.alloc(1))
  const place = random(line.length - 1)
  line[place] = (line[place] ?? 0) ^ (1 << random(8))
  lines[number] = line
  return { what: `flip line ${number + 1} at ${place}`, isFound }
}

const drop: Tamper = (lines, random) => {
  const number = anyLine(lines, random)
  const isFound = atLine(lines, number)
  lines.splice(number, 1)
  return { what: `drop line ${number + 1}`, isFound }
}

const swap: Tamper = (lines, random) => {
  const places = lines.flatMap((line, i) => (i > 0 && parsed(line).record !== undefined ? [i] : []))
  const a = places[random(places.length - 1)] ?? 1
  const b = places[places.indexOf(a) + 1 + random(places.length - 1 - places.indexOf(a))] ?? a
  const isFound = atLine(lines, a)
  const [first, second] = [lines[a], lines[b]]
  if (first !== undefined && second !== undefined) [lines[a], lines[b]] = [second, first]
  return { what: `swap lines ${a + 1} and ${b + 1}`, isFound }
}

const insert: Tamper = (lines, random) => {
  const from = anyLine(lines, random)
  const to = 1 + random(lines.length)
  lines.splice(to, 0, lines[from] ?? Buffer.alloc(0))
  return { what: `line ${from + 1} again as ${to + 1}`, isFound: ({ kind }) => kind === 'damage' }
}

const truncate: Tamper = (lines, random) => {
  const number = anyLine(lines, random)
  lines.splice(number)
  return {
    what: `cut from line ${number + 1} on`,
    isFound: ({ text }) => text.startsWith('the end is missing'),
  }
}

const rollBack: Tamper = (lines, random) => {
  const size = random(RECORDS / STEP) * STEP
  const kept = lines.filter((line, i) => {
    const { record, checkpoint } = parsed(line)
    return (
      i === 0 ||
      (record !== undefined && record.index < size) ||
      (checkpoint !== undefined && checkpoint.size <= size)
    )
  })
  lines.splice(
    0,
    lines.length,
    ...kept,
    Buffer.from(`{"end":{"checkpoints":${size / STEP},"records":${size}}}\n`),
  )
  const isFound = ({ kind, index = 0 }: Finding): boolean => kind === 'outside' && index > size
  return { what: `roll back to ${size}`, isFound }
}

function rewriteWith(who: 'privateKey' | 'thief'): Tamper {
  return (lines, random, sample) => {
    const target = random(RECORDS)
    const all = lines.map(parsed)
    const bodies = all.flatMap(({ record }) => (record === undefined ? [] : [record.body]))
    const sizes = new Set(
      all.flatMap(({ checkpoint }) => (checkpoint === undefined ? [] : [checkpoint.size])),
    )
    const made = rewrite(bodies, otherTime(target), { sizes, key: sample[who] })
    for (const [i, line] of all.entries()) {
      const changed = made.records[line.record?.index ?? -1]
      const note = made.notes.get(line.checkpoint?.size ?? -1)
      if (changed !== undefined) {
        lines[i] = lineOf({ record: { ...line.record, body: changed.body, leaf: toHex(changed.leaf) } })
      }
      if (note !== undefined) lines[i] = lineOf({ checkpoint: { note, size: line.checkpoint?.size } })
    }
    const first = Math.floor(target / STEP) * STEP + STEP
    const kinds = who === 'thief' ? ['checkpoint', 'outside'] : ['outside']
    const isFound = ({ kind, index = 0 }: Finding): boolean => kinds.includes(kind) && index === first
    return { what: `${who === 'thief' ? 're-sign' : 'fork'} from ${target} on`, isFound }
  }
}

/** Spread keeps the order of members, which is canonical. */
function lineOf(value: unknown): Buffer {
  return Buffer.from(`${JSON.stringify(value)}\n`)
}

const EXPORT_TAMPERINGS: readonly Tamper[] = [
  flip,
  flip,
  flip,
  drop,
  swap,
  insert,
  truncate,
  rollBack,
  rewriteWith('thief'),
  rewriteWith('privateKey'),
]

/** Does the n-th kind of tampering to the export, and verifies it. */
export async function tamperExport(
  sample: Sample,
  n: number,
  random: Random,
): Promise<{ readonly tampering: Tampering; readonly report: VerifyReport }> {
  const lines = sample.lines.map((line) => Buffer.from(line))
  const tamper = EXPORT_TAMPERINGS[n % EXPORT_TAMPERINGS.length] ?? flip
  const tampering = tamper(lines, random, sample)
  const file = join(sample.folder, 'tampered.jsonl')
  writeFileSync(file, Buffer.concat(lines))
  const { publicKey, outside } = sample
  const report = await verifyLedger(openExport(file), { publicKey, outsideCheckpoints: () => outside })
  rmSync(file)
  return { tampering, report }
}
