import type { IncomingHttpHeaders } from 'node:http'
import { RemitError } from '../core/errors.ts'
import { isJsonObject, type Json, type JsonObject } from '../core/json.ts'
import { decodeHeaderValue } from './header-value.ts'
import { headerText } from './upstream-envelope.ts'

/** An argument that its tool's schema wants in a header as well (`x-mcp-header`, SEP-2243). */
export interface ParamHeader {
  readonly header: string
  readonly path: readonly string[]
}

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,64}$/
const MAX_DEPTH = 8
const NONE: readonly ParamHeader[] = []

/** Only `properties` chains count: nothing else is statically reachable. */
export function findParamHeaders(schema: JsonObject | undefined): readonly ParamHeader[] {
  if (schema === undefined) return NONE
  const found: ParamHeader[] = []
  walk(schema, [], found)
  return found.length === 0 ? NONE : found
}

function walk(schema: JsonObject, path: readonly string[], found: ParamHeader[]): void {
  const properties = schema['properties']
  if (!isJsonObject(properties) || path.length >= MAX_DEPTH) return
  for (const [name, child] of Object.entries(properties)) {
    if (!isJsonObject(child)) continue
    const header = child['x-mcp-header']
    const at = [...path, name]
    if (typeof header === 'string' && TOKEN.test(header)) {
      found.push({ header: `mcp-param-${header.toLowerCase()}`, path: at })
    }
    walk(child, at, found)
  }
}

/** @throws RemitError `header_mismatch` when an argument and its header differ, or the header is missing. */
export function checkParamHeaders(
  declared: readonly ParamHeader[],
  args: JsonObject,
  headers: IncomingHttpHeaders,
): void {
  for (const { header, path } of declared) {
    const value = textAt(args, path)
    if (value === undefined) continue
    const sent = headers[header]
    const decoded = typeof sent === 'string' ? decodeHeaderValue(sent) : undefined
    if (decoded === value.text) continue
    if (decoded !== undefined && value.number !== undefined && decimal(decoded) === value.number) continue
    throw new RemitError(
      'header_mismatch',
      `the header \`${header}\` does not say what the argument \`${path.join('.')}\` says; send both alike`,
    )
  }
}

/** The same headers for the leg to the upstream, made from the arguments that were authorized. */
export function paramHeadersOf(declared: readonly ParamHeader[], args: JsonObject): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const { header, path } of declared) {
    const value = textAt(args, path)
    if (value !== undefined) headers[header] = headerText(value.text)
  }
  return headers
}

function textAt(args: JsonObject, path: readonly string[]): { text: string; number?: number } | undefined {
  let node: Json | undefined = args
  for (const key of path) {
    if (!isJsonObject(node) || !Object.hasOwn(node, key)) return undefined
    node = node[key]
  }
  if (typeof node === 'string') return { text: node }
  if (typeof node === 'boolean') return { text: String(node) }
  if (typeof node === 'number') return { text: String(node), number: node }
  return undefined
}

function decimal(text: string): number | undefined {
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : undefined
}
