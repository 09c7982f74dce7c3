import { isMap, isPair, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml'
import { RemitError } from '../core/errors.ts'

type Path = readonly (string | number)[]

/** A parsed configuration file that still knows where each value stands in its text. */
export interface YamlSource {
  readonly name: string
  readonly value: unknown
  /** `remit.yaml:12:5` of the value at `path`, or of the nearest value around it; `key` = of its key. */
  position(path: Path, options?: { readonly key?: boolean }): string
}

/**
 * Reads YAML 1.2 with unique keys and without tags of its own.
 * @param name how messages call the file.
 * @throws RemitError `config_invalid` that lists every syntax error with line and column.
 */
export function readYaml(name: string, text: string): YamlSource {
  const lines = new LineCounter()
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    strict: true,
    uniqueKeys: true,
    version: '1.2',
  })
  const at = (offset: number): string => {
    const { line, col } = lines.linePos(offset)
    return `${name}:${line}:${col}`
  }
  const problems = [...document.errors, ...document.warnings]
  if (problems.length > 0) {
    const listed = problems.map(
      (problem) => `${at(problem.pos[0])}: ${explain(problem.code, problem.message)}`,
    )
    throw new RemitError('config_invalid', listed.join('\n'))
  }
  return {
    name,
    value: readValue(name, () => document.toJS({ maxAliasCount: 50 })),
    position: (path, options) => at(offsetOf(document.contents, path, options?.key ?? false)),
  }
}

/** As much of a file as can be made out, whatever is wrong with it. */
export function readBrokenYaml(text: string): unknown {
  try {
    return parseDocument(text, { logLevel: 'silent' }).toJS({ maxAliasCount: 50 }) ?? {}
  } catch {
    return {}
  }
}

function readValue(name: string, read: () => unknown): unknown {
  try {
    return read() ?? {}
  } catch (cause) {
    throw new RemitError('config_invalid', `${name}:1:1: the file repeats its aliases too often`, { cause })
  }
}

function explain(code: string, message: string): string {
  if (code === 'DUPLICATE_KEY') return 'this key stands twice; keep one'
  return `this is not valid YAML: ${message.split('\n')[0]?.toLowerCase() ?? ''}`
}

function offsetOf(root: Node | null, path: Path, ofKey: boolean): number {
  let node: unknown = root
  let offset = root?.range?.[0] ?? 0
  for (const [depth, step] of path.entries()) {
    const found = childOf(node, step)
    if (found === undefined) return offset
    const wanted = ofKey && depth === path.length - 1 ? found.key : (found.value ?? found.key)
    offset = startOf(wanted) ?? startOf(found.key) ?? offset
    node = found.value
  }
  return offset
}

function childOf(node: unknown, step: string | number): { key: unknown; value: unknown } | undefined {
  if (isSeq(node)) {
    const item = node.items[Number(step)]
    return item === undefined ? undefined : { key: item, value: item }
  }
  if (!isMap(node)) return undefined
  const pair = node.items.find((item) => isPair(item) && keyText(item.key) === String(step))
  return pair === undefined ? undefined : { key: pair.key, value: pair.value }
}

function keyText(key: unknown): string {
  return String(isScalar(key) ? key.value : key)
}

function startOf(node: unknown): number | undefined {
  if (typeof node !== 'object' || node === null || !('range' in node)) return undefined
  const range = node.range
  return Array.isArray(range) ? Number(range[0]) : undefined
}
