import type { Action } from '../../core/actions.ts'
import type { ToolDefinition } from '../../core/tool-call.ts'
import { foldText } from '../fold-name.ts'
import { actionsOfArguments, actionsOfDeeds, type QueryLanguage } from './actions-of-deeds.ts'
import { plainSentences } from './plain-sentences.ts'
import { readSchema, type SchemaSigns } from './read-schema.ts'
import { deedsOfDescription } from './read-description.ts'
import { deedsOfName, splitWords, type Deed } from './words.ts'

export type DescribedTool = Pick<ToolDefinition, 'name'> &
  Partial<Pick<ToolDefinition, 'description' | 'inputSchema' | 'annotations'>>

/** Why inference takes a tool to do something. */
export interface InferenceReason {
  readonly deed: Deed
  readonly from: 'name' | 'description' | 'arguments' | 'annotations' | 'doubt'
  /** The words, in a sentence. */
  readonly text: string
}

/** What a tool that nobody described would do, by its own words: taken for true only where they make it worse. */
export interface InferredTool {
  /** Never empty; the reading one alone only if name, arguments and description agree on it. */
  readonly actions: readonly Action[]
  /** With what its arguments may name beside: everything that some call of it could do. */
  readonly reach: readonly Action[]
  readonly deeds: ReadonlySet<Deed>
  /** One for each deed: the first sign of it. */
  readonly reasons: readonly InferenceReason[]
  /** False = its words say nothing, or deceive: it could do anything. */
  readonly understood: boolean
}

/** Definitions do not change, and lists and calls ask about the same ones again and again. */
const known = new WeakMap<DescribedTool, InferredTool>()

/** @param definition as the upstream gives it. Pure; the same definition gives the same answer. */
export function inferTool(definition: DescribedTool): InferredTool {
  const found = known.get(definition)
  if (found !== undefined) return found
  const inferred = infer(definition)
  known.set(definition, inferred)
  return inferred
}

function infer(definition: DescribedTool): InferredTool {
  const folded = foldText(definition.name)
  const disguised = folded !== definition.name.toLowerCase() || /[^\x20-\x7e]/.test(definition.name)
  const words = splitWords(disguised ? folded : definition.name)
  const schema = readSchema(definition.inputSchema)
  const description = deedsOfDescription(definition.description ?? '')
  const named = deedsOfName(words)
  const text = `${words.join(' ')} ${splitWords(firstSentence(definition.description)).join(' ')}`
  const query = queryLanguage(schema, text, definition.description ?? '')
  // “Run a read-only query”: what is run only reads, if the name says the same.
  const runsReads = query === 'reading' && (!named.has('execute') || words.includes('select'))
  const signs = new Signs(runsReads ? ['execute'] : [])
  for (const deed of named) signs.add(deed, 'name', definition.name)
  for (const deed of schema.methods) signs.add(deed, 'arguments', 'an argument chooses between methods')
  for (const [deed, sentence] of description.all) signs.add(deed, 'description', sentence)
  // Words of reading at the head of the description stand in for a name that has no verb.
  const reads = named.has('read') || (named.size === 0 && description.lead.includes('read'))
  addArguments(signs, schema, { reads, query })
  if (!signs.onlyReads()) addFinality(signs, schema, definition.description ?? '')
  addAnnotations(signs, definition.annotations)
  const understood = !disguised && signs.deeds.size > 0
  if (!reads && signs.onlyReads()) signs.add('write', 'doubt', 'nothing in its name says that it only reads')
  const actions = actionsOfDeeds(signs.deeds, { words, text, schema, query, understood })
  const reach = [...new Set([...actions, ...actionsOfArguments(signs.deeds, { schema, query })])]
  return { actions, reach, deeds: signs.deeds, reasons: signs.reasons, understood }
}

class Signs {
  readonly deeds = new Set<Deed>()
  readonly reasons: InferenceReason[] = []
  readonly #without: readonly Deed[]

  constructor(without: readonly Deed[]) {
    this.#without = without
  }

  add(deed: Deed, from: InferenceReason['from'], text: string): void {
    if (this.deeds.has(deed) || this.#without.includes(deed)) return
    this.deeds.add(deed)
    this.reasons.push({ deed, from, text: text.slice(0, 200) })
  }

  onlyReads(): boolean {
    return [...this.deeds].every((deed) => deed === 'read')
  }
}

const ENGINE =
  /\b(?:sql|\w+sql|sqlite|postgres|bigquery|snowflake|duckdb|clickhouse|redshift|athena|influx\w*|databricks|trino|presto|oracle|mariadb|neo|cypher|databases?|db|warehouse)\b/
const ASKS = /\b(?:query|queries|sql|select|run|exec|execute|executes|runs|cypher|statement)\b/
const ONLY_READS =
  /\bread[- ]?only\b|\bonly (?:read|select)|\bselect(?: (?:query|queries|statements?))? only\b|\b(?:a|an|any) select\b/i

/** Whether the tool takes text of a language in which more than reading can be said. */
function queryLanguage(schema: SchemaSigns, text: string, description: string): QueryLanguage {
  const takes = schema.query === 'sql' || (schema.query === 'perhaps' && ENGINE.test(text) && ASKS.test(text))
  if (!takes) return undefined
  return ONLY_READS.test(description) ? 'reading' : 'any'
}

function addArguments(
  signs: Signs,
  schema: SchemaSigns,
  { reads, query }: { readonly reads: boolean; readonly query: QueryLanguage },
): void {
  const { deeds } = signs
  // The body of a message is what is sent, and kept nowhere else.
  if (schema.content && !deeds.has('send')) signs.add('write', 'arguments', 'it takes content')
  if (schema.command) signs.add('execute', 'arguments', 'it takes something to run')
  if (query === 'any') signs.add('execute', 'arguments', 'it takes statements of a query language')
  if (schema.recipient && (!signs.onlyReads() || schema.content))
    signs.add('send', 'arguments', 'it takes a recipient')
  if (schema.amount && !reads && (deeds.has('send') || deeds.has('write')))
    signs.add('pay', 'arguments', 'it takes an amount')
}

/** What changes something, and cannot be taken back or is let run over what is there, loses it. */
function addFinality(signs: Signs, { ruthless }: SchemaSigns, description: string): void {
  if (ruthless !== undefined) signs.add('delete', 'arguments', `it takes \`${ruthless}\``)
  const said = plainSentences(description).find((sentence) => FINAL.test(sentence) && !SPARES.test(sentence))
  if (said !== undefined) signs.add('delete', 'description', said)
}

const FINAL =
  /\b(?:permanently|irreversibl[ey]|irrevocabl[ey]|irrecoverabl[ey]|destructive|discard(?:s|ing)|overwrit(?:es|ing)|data loss|(?:cannot|can't|can not|can never) be (?:undone|reversed|recovered|restored|reverted)|no way back|(?:is|are|be|gets?) (?:lost|erased|wiped|destroyed|overwritten))\b/
/** “Without overwriting”, “non-destructive”. */
const SPARES =
  /\b(?:without|never|non|not|no|nothing|instead of|avoids?|does ?n[o']t)\b[ -](?:\S+ ){0,3}(?:permanently|destructive|discard|overwrit|data loss|lost|erased|wiped|destroyed)/

/** The server’s own hints make it worse, never better: nobody vouches for them. */
function addAnnotations(signs: Signs, annotations: ToolDefinition['annotations']): void {
  if (annotations?.['destructiveHint'] === true)
    signs.add('delete', 'annotations', 'its server says that it is destructive')
  if (annotations?.['readOnlyHint'] === false && signs.onlyReads())
    signs.add('write', 'annotations', 'its server says that it does more than read')
}

function firstSentence(description: string | undefined): string {
  return /^[^.\n]{0,300}/.exec(description ?? '')?.[0] ?? ''
}
