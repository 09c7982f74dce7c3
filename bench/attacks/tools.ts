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

function judgeTools(servers: Record<string, readonly DescribedTool[]>, hints: boolean): void {
  console.log(hints ? '\ntools, with their hints' : '\ntools, by name, description and schema alone')
  const harmless = new Share('write tools read as harmless')
  const destructive = new Share('destructive tools not recognised')
  const over = new Share('read-only tools over-classified')
  for (const [server, tools] of Object.entries(servers)) {
    for (const tool of tools) {
      const { annotations = {}, ...bare } = tool
      const { actions } = inferTool(hints ? tool : bare)
      const groups = new Set(actions.flatMap((action) => [...groupsOf(action)]))
      const reads = [...groups].every((group) => group === 'read')
      const text = `${server} ${tool.name}: ${actions.join(', ')}`
      if (annotations['readOnlyHint'] === true) over.count(!reads, text)
      else harmless.count(reads, text)
      if (annotations['destructiveHint'] === true) destructive.count(!groups.has('destructive'), text)
    }
  }
  for (const share of [harmless, destructive, over]) share.print()
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
judgeTools(servers, false)
judgeTools(servers, true)
const secrets = read('secrets_corpus.json.gz') as {
  gitleaks: readonly { rule: string; label: string; text: string }[]
}
judgeSecrets(secrets.gitleaks)
