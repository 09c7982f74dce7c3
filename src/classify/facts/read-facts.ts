import type { Json } from '../../core/json.ts'
import type { ToolCall } from '../../core/tool-call.ts'
import type { FactDeclaration, FactType, TypedFact, TypedFacts } from '../../core/typed-facts.ts'
import { extractorOf, type ExtractionContext } from '../extract.ts'
import { readDecimal } from './read-decimal.ts'
import { readPointer } from './read-pointer.ts'

type Surroundings = Omit<ExtractionContext, 'actions' | 'pointer'>

const MAX_TEXT = 8_192
const MAX_ITEMS = 1_000

/** What the declared facts of a tool are in this call. What is missing or of another type is a fault, never a guess. */
export function readFacts(
  declared: readonly FactDeclaration[],
  call: ToolCall,
  context: Surroundings,
): TypedFacts {
  const found: Record<string, TypedFact> = {}
  const faults: string[] = []
  for (const declaration of declared) {
    if (declaration.optional === true && readPointer(call.arguments, declaration.pointer) === undefined)
      continue
    const fact = readFact(declaration, call, context)
    if (fact === undefined) faults.push(faultOf(declaration, call))
    else found[declaration.name] = fact
  }
  return { found, faults }
}

/** When nothing of the call could be read. */
export function unreadableFacts(declared: readonly FactDeclaration[], call: ToolCall): TypedFacts {
  return { found: {}, faults: declared.map((declaration) => faultOf(declaration, call)) }
}

/** Facts are those of one call, so that what stands inside another has none, and is not let past the policies on them. */
export function withHidden(
  typed: TypedFacts,
  inside: readonly Pick<ToolCall, 'server' | 'tool'>[],
): TypedFacts {
  const faults = inside.map(
    ({ server, tool }) =>
      `\`${server}__${tool}\` has facts that policies read, so it must be called by itself and not through another tool`,
  )
  return { ...typed, faults: [...typed.faults, ...new Set(faults)] }
}

const WANTED: Readonly<Record<FactType, string>> = {
  string: 'text',
  boolean: '`true` or `false`',
  integer: 'a whole number',
  decimal: 'a number with at most four digits after the point',
  set: 'a list of texts',
  path: 'one path',
  url: 'one absolute URL',
  recipient: 'one recipient',
  money: 'an amount of money',
}

function faultOf({ name, pointer, type, currency }: FactDeclaration, call: ToolCall): string {
  const there = [pointer, ...(currency?.startsWith('/') === true ? [currency] : [])]
  const missing = there.find((each) => readPointer(call.arguments, each) === undefined)
  const what = missing === undefined ? `\`${pointer}\` holds something else` : `\`${missing}\` is missing`
  return `the fact \`${name}\` of \`${call.server}__${call.tool}\` must be \`${type}\` (${WANTED[type]}), and ${what}`
}

function readFact(
  { pointer, type, currency }: FactDeclaration,
  call: ToolCall,
  context: Surroundings,
): TypedFact | undefined {
  const value = readPointer(call.arguments, pointer)
  switch (type) {
    case 'string':
      return isText(value) ? { type, value } : undefined
    case 'boolean':
      return typeof value === 'boolean' ? { type, value } : undefined
    case 'integer':
      return Number.isSafeInteger(value) ? { type, value: value as number } : undefined
    case 'decimal': {
      const decimal = readDecimal(value)
      return decimal === undefined ? undefined : { type, value: decimal }
    }
    case 'set':
      return readSet(value)
    case 'path':
    case 'url':
    case 'recipient': {
      const named = readName(type, value, { ...context, actions: ['data.read'], pointer })
      return named === undefined ? undefined : { type, value: named }
    }
    case 'money': {
      const amount = readDecimal(value)
      const unit = currency?.startsWith('/') === true ? readPointer(call.arguments, currency) : currency
      if (amount === undefined || typeof unit !== 'string' || !/^[A-Z]{3}$/.test(unit)) return undefined
      return { type, value: amount, currency: unit }
    }
    default:
      return type satisfies never
  }
}

function isText(value: Json | undefined): value is string {
  return typeof value === 'string' && value.length <= MAX_TEXT && value.isWellFormed()
}

function readSet(value: Json | undefined): TypedFact | undefined {
  if (!Array.isArray(value) || value.length > MAX_ITEMS) return undefined
  const items = value as readonly Json[]
  return items.every(isText) ? { type: 'set', value: [...new Set(items)] } : undefined
}

/** The canonical name of the one thing that the value names, as the extractor of that kind has it. */
function readName(
  kind: 'path' | 'url' | 'recipient',
  value: Json | undefined,
  context: ExtractionContext,
): string | undefined {
  if (!isText(value)) return undefined
  const [operation, ...others] = extractorOf(kind)?.(value, context) ?? []
  if (operation === undefined || others.length > 0 || operation.opaque) return undefined
  return operation.resource.id
}
