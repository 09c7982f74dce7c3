/**
 * How inference judges real tools beside their vendors’ own hints, with the shipped entries switched off, and how many
 * secrets of a public corpus are found. Reads the corpora beside the project (REMIT_CORPUS), prints what was missed.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { inferTool, type DescribedTool } from '../../src/classify/inference/infer-tool.ts'
import { findSecrets } from '../../src/classify/secrets/find-secrets.ts'
import { groupsOf } from '../../src/core/actions.ts'
import { readUnknownTools, type ToolTruth } from '../../test/support/unknown-tools.ts'

const FOLDER = process.env['REMIT_CORPUS'] ?? join(import.meta.dirname, '../../../shared/corpus')

function read(name: string): unknown {
  const file = join(FOLDER, name)
  if (!existsSync(file)) {
    console.log(`${name} is not there; set REMIT_CORPUS`)
    process.exit(0)
  }
  const bytes = readFileSync(file)
  return JSON.parse((name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8'))
}

class Share {
  readonly #label: string
  readonly #missed: string[] = []
  #all = 0

  constructor(label: string) {
    this.#label = label
  }

  count(missed: boolean, text: string): void {
    this.#all += 1
    if (missed) this.#missed.push(text)
  }

  print(): void {
    const share = ((100 * this.#missed.length) / Math.max(1, this.#all)).toFixed(1)
    console.log(`${this.#label}: ${this.#missed.length} of ${this.#all} (${share} %)`)
    for (const text of this.#missed.slice(0, 40)) console.log(`    ${text}`)
  }
}

interface Judged {
  readonly truth: ToolTruth
  readonly from: string
  readonly tool: DescribedTool
}

function judgeTools(title: string, tools: readonly Judged[]): void {
  console.log(`\n${title}`)
  const harmless = new Share('write tools read as harmless')
  const destructive = new Share('destructive tools not recognised')
  const over = new Share('read-only tools over-classified')
  for (const { truth, from, tool } of tools) {
    const { reach: actions } = inferTool(tool)
    const groups = actions.map((action): readonly string[] => groupsOf(action))
    const reads = groups.every((each) => each.includes('read'))
    const text = `${from} ${tool.name}: ${actions.join(', ')}`
    if (truth === 'read') over.count(!reads, text)
    else harmless.count(reads, text)
    if (truth === 'destroy') destructive.count(!groups.flat().includes('destructive'), text)
  }
  for (const share of [harmless, destructive, over]) share.print()
}

/** By their vendors’ hints, which are the truth here and, unless `hints`, not shown to inference. */
function byHints(servers: Record<string, readonly DescribedTool[]>, hints: boolean): readonly Judged[] {
  return Object.entries(servers).flatMap(([from, tools]) =>
    tools.map((tool): Judged => {
      const { annotations = {}, ...bare } = tool
      const destroys = annotations['destructiveHint'] === true
      const truth = annotations['readOnlyHint'] === true ? 'read' : destroys ? 'destroy' : 'write'
      return { truth, from, tool: hints ? tool : bare }
    }),
  )
}

function judgeSecrets(cases: readonly { rule: string; label: string; text: string }[]): void {
  console.log('\nsecrets')
  const recall = new Share('secrets not found')
  const false_ = new Share('clean texts with a find')
  for (const { rule, label, text } of cases) {
    const finds = findSecrets(text)
    const shown = `${rule}: ${text.replaceAll(/\s+/g, ' ').slice(0, 80)}`
    if (label === 'secret') recall.count(finds.length === 0, shown)
    else false_.count(finds.length > 0, `${shown} ▸ ${finds.map((find) => find.kind).join(', ')}`)
  }
  recall.print()
  false_.print()
  const source = readFileSync(import.meta.filename, 'utf8').slice(0, 4_096)
  const times = Array.from({ length: 400 }, () => {
    const from = performance.now()
    findSecrets(source)
    return performance.now() - from
  }).toSorted((a, b) => a - b)
  console.log(`4 KiB: p50 ${(times[200] ?? 0).toFixed(3)} ms, p99 ${(times[396] ?? 0).toFixed(3)} ms`)
}

const { servers } = read('tool_catalogue.json') as { servers: Record<string, readonly DescribedTool[]> }
judgeTools('real tools, by name, description and schema alone', byHints(servers, false))
judgeTools('real tools, with the hints of their vendors', byHints(servers, true))
judgeTools(
  'tools in the manner of fifty other servers, without hints',
  readUnknownTools().map((one) => ({ ...one, from: 'fixture' })),
)
judgeTools(
  'a hundred more, judged before inference saw any of them',
  readUnknownTools('blind-tools.txt').map((one) => ({ ...one, from: 'blind' })),
)
const secrets = read('secrets_corpus.json.gz') as {
  gitleaks: readonly { rule: string; label: string; text: string }[]
}
judgeSecrets(secrets.gitleaks)
