import type { JsonObject } from '../../core/json.ts'

const MAX_LENGTH = 16_384
/** Beyond what anybody writes by hand; deeper would try the parser’s stack. */
const MAX_NESTING = 200

let parse: ((query: string) => unknown) | undefined
let loading: Promise<void> | undefined

/**
 * Loads PostgreSQL’s own parser (libpg-query, WebAssembly) once. Until it is there, and if it cannot be loaded, SQL is
 * not understood, and so asked about.
 */
export function loadSqlParser(): Promise<void> {
  loading ??= load()
  return loading
}

async function load(): Promise<void> {
  try {
    const library = await import('libpg-query')
    await library.loadModule()
    parse = library.parseSync
  } catch {
    parse = undefined
  }
}

/** The parse trees of a text’s statements; `undefined` = PostgreSQL would not take it, or it is too large to say. */
export function parseSql(text: string): readonly JsonObject[] | undefined {
  if (parse === undefined || text.length > MAX_LENGTH || text.includes('\0') || nesting(text) > MAX_NESTING) {
    return undefined
  }
  try {
    const { stmts = [] } = parse(text) as { readonly stmts?: readonly { readonly stmt?: JsonObject }[] }
    return stmts.flatMap(({ stmt }) => (stmt === undefined ? [] : [stmt]))
  } catch {
    return undefined
  }
}

function nesting(text: string): number {
  let depth = 0
  let deepest = 0
  let operators = 0
  for (const char of text) {
    if (char === '(' || char === '[') depth += 1
    else if (char === ')' || char === ']') depth -= 1
    else if (char === '-' || char === '+' || char === '~') operators += 1
    deepest = Math.max(deepest, depth)
  }
  // Chains of signs and NOTs nest as well, without brackets.
  const nots = text.match(/\bnot\b|\bunion\b|\bcase\b/gi)?.length ?? 0
  return Math.max(deepest, nots, Math.floor(operators / 10))
}
