import { getNodeValue, type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser'
import { RemitError } from '../../core/errors.ts'
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts'
import { placeAt } from './place-at.ts'

/** A file of settings in JSON, with comments and commas at the end of lists as its agent takes them. */
export interface JsonDocument {
  /** Without the mark at its beginning that some editors write. */
  readonly text: string
  readonly root: Node
  readonly value: JsonObject
}

/** What a file is that has nothing in it yet. */
const EMPTY = '{}'

/**
 * @param name how messages call the file.
 * @throws RemitError `config_invalid` with line and column.
 */
export function parseJsonDocument(name: string, given: string): JsonDocument {
  const text = given.trim() === '' ? EMPTY : given
  const errors: ParseError[] = []
  const root = parseTree(text, errors, { allowTrailingComma: true })
  const [first] = errors
  if (first !== undefined) {
    const what = wordsOf(printParseErrorCode(first.error))
    throw new RemitError('config_invalid', `${name}:${placeAt(text, first.offset)}: not valid JSON: ${what}`)
  }
  // Its objects have no prototype, which makes them unlike all others.
  const value = root === undefined ? null : (JSON.parse(JSON.stringify(getNodeValue(root))) as Json)
  if (root === undefined || !isJsonObject(value)) {
    throw new RemitError('config_invalid', `${name}:1:1: must hold a JSON object`)
  }
  return { text, root, value }
}

/** `PropertyNameExpected` as people say it. */
function wordsOf(code: string): string {
  return code.replaceAll(/(?!^)[A-Z]/g, (letter) => ` ${letter}`).toLowerCase()
}
