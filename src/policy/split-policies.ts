/** One policy statement as it stands in its file. */
export interface PolicyStatement {
  readonly text: string
  /** Of `text` in the file, in UTF-16 code units: the statement's first token, past any comments. */
  readonly offset: number
  readonly structure: StatementStructure
}

/** What would overflow the official parser's stack, measured before it sees the text. */
export interface StatementStructure {
  /** Deepest nesting of brackets. */
  readonly depth: number
  /** Longest run of prefix operators, as in `!!!x`. */
  readonly prefixRun: number
  /** Operators in the statement: no chain in it can be longer. */
  readonly operators: number
}

// Strings first, so that nothing in them counts; a lone quote (an unclosed string) ends the text.
const TOKEN = /"(?:[^"\\]|\\.)*"|"|\/\/[^\n]*|&&|\|\||[!\-+*.]|[(){}[\];]|\s+|[^\s"/&|!\-+*.(){}[\];]+|./gsu

/**
 * Cuts a policy file into its statements. `;` ends one wherever it stands outside strings and comments, since
 * Cedar uses it for nothing else; what follows the last one is a statement too, for the parser to refuse.
 */
export function splitPolicies(source: string): readonly PolicyStatement[] {
  const statements: PolicyStatement[] = []
  let scan = newScan()
  for (const match of source.matchAll(TOKEN)) {
    const [token] = match
    if (token.startsWith('//') || /^\s/.test(token)) continue
    if (scan.start < 0) scan.start = match.index
    if (token === ';') {
      statements.push(statement(source, match.index + 1, scan))
      scan = newScan()
    } else measure(token, scan)
  }
  if (scan.start >= 0) statements.push(statement(source, source.length, scan))
  return statements
}

interface Scan {
  start: number
  nesting: number
  depth: number
  run: number
  prefixRun: number
  operators: number
}

function newScan(): Scan {
  return { start: -1, nesting: 0, depth: 0, run: 0, prefixRun: 0, operators: 0 }
}

function measure(token: string, scan: Scan): void {
  scan.run = token === '!' || token === '-' ? scan.run + 1 : 0
  scan.prefixRun = Math.max(scan.prefixRun, scan.run)
  if ('([{'.includes(token)) scan.nesting++
  else if (')]}'.includes(token)) scan.nesting--
  else if (/^(?:&&|\|\||[-+*.]|else)$/.test(token)) scan.operators++
  scan.depth = Math.max(scan.depth, scan.nesting)
}

function statement(source: string, end: number, scan: Scan): PolicyStatement {
  const { depth, prefixRun, operators } = scan
  return {
    text: source.slice(scan.start, end),
    offset: scan.start,
    structure: { depth, prefixRun, operators },
  }
}

/** Line and column, from 1, of a UTF-16 offset. */
export function positionAt(
  source: string,
  offset: number,
): { readonly line: number; readonly column: number } {
  const before = source.slice(0, offset)
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') }
}
