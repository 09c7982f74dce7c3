import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { policyToJson, schemaToJson } from '@cedar-policy/cedar-wasm/nodejs'
import type { Est } from '../../src/policy/est.ts'
import { splitPolicies } from '../../src/policy/split-policies.ts'
import { CedarAuthorizer, type CedarAnswer } from './authorize.ts'
import {
  EntityTable,
  markIntegers,
  parseCedarJson,
  recordFrom,
  restoreIntegers,
  uidOf,
  type JsonEntity,
} from './cedar-json.ts'

/** Cedar's public integration tests, read where they lie beside the project and never copied into it. */
const FOLDER = fileURLToPath(new URL('../../../shared/corpus/cedar/', import.meta.url))

export const corpusPresent = existsSync(`${FOLDER}corpus-tests.tar.gz`)

/** Files of a tar archive by path (POSIX ustar; no links, no long names are needed here). */
export function readArchive(name: string): ReadonlyMap<string, string> {
  const tar = gunzipSync(readFileSync(`${FOLDER}${name}`))
  const files = new Map<string, string>()
  for (let at = 0; at + 512 <= tar.length && tar[at] !== 0;) {
    const field = (from: number, size: number): string =>
      tar.toString('utf8', at + from, at + from + size).replace(/\0.*$/s, '')
    const size = Number.parseInt(field(124, 12), 8) || 0
    if (field(156, 1) === '0' || field(156, 1) === '') {
      const path = field(0, 100).replace(/^\.\//, '')
      files.set(path, tar.toString('utf8', at + 512, at + 512 + size))
    }
    at += 512 + Math.ceil(size / 512) * 512
  }
  return files
}

interface CorpusTest {
  readonly policies: string
  readonly entities: string
  readonly schema: string
  readonly requests: readonly (CedarAnswer & {
    readonly description: string
    readonly principal: unknown
    readonly action: unknown
    readonly resource: unknown
    readonly context: unknown
  })[]
}

export interface CorpusResult {
  readonly requests: number
  /** `test: request: expected … got …`. */
  readonly differences: readonly string[]
}

export function runCorpusTest(files: ReadonlyMap<string, string>, path: string): CorpusResult {
  const test = parseCedarJson(files.get(path)!) as CorpusTest
  const policies = new Map<string, Est>()
  for (const [position, { text }] of splitPolicies(markIntegers(files.get(test.policies)!)).entries()) {
    const answer = policyToJson(text)
    if (answer.type === 'failure')
      return { requests: 0, differences: [`${path}: ${answer.errors[0]?.message}`] }
    policies.set(`policy${position}`, restoreIntegers(answer.json as unknown as Est) as Est)
  }
  const actions = /Action/.test(files.get(test.policies)!) ? actionEntities(files.get(test.schema)!) : []
  const stored = parseCedarJson(files.get(test.entities)!) as JsonEntity[]
  const entities = new EntityTable([...actions, ...stored.map(withEscapes)])
  const authorizer = new CedarAuthorizer(policies, entities)
  const differences = test.requests.flatMap((request) => {
    const answer = authorizer.authorize({
      principal: uidOf(request.principal),
      action: uidOf(request.action),
      resource: uidOf(request.resource),
      context: recordFrom(request.context),
    })
    const expected = JSON.stringify([
      request.decision,
      [...request.reason].sort(),
      [...request.errors].sort(),
    ])
    const got = JSON.stringify([answer.decision, answer.reason, answer.errors])
    return expected === got ? [] : [`${path}: ${request.description}: expected ${expected}, got ${got}`]
  })
  return { requests: test.requests.length, differences }
}

/**
 * The hand-written tests (example_use_cases/4d-4f, multi/3-4) write entities in attributes without an escape
 * and leave it to the schema to say that they are some. Remit makes its values itself and needs no such rule.
 */
function withEscapes(entity: JsonEntity): JsonEntity {
  const attrs = Object.entries((entity.attrs ?? {}) as Record<string, unknown>)
  return { ...entity, attrs: Object.fromEntries(attrs.map(([name, value]) => [name, escaped(value)])) }
}

function escaped(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(escaped)
  if (typeof value !== 'object' || value === null) return value
  return Object.keys(value).toSorted().join() === 'id,type' ? { __entity: value } : value
}

/** The action hierarchy, which Cedar takes from the schema. */
function actionEntities(schema: string): readonly JsonEntity[] {
  const answer = schemaToJson(schema)
  if (answer.type === 'failure') return []
  return Object.entries(answer.json).flatMap(([namespace, { actions }]) => {
    const own = namespace === '' ? 'Action' : `${namespace}::Action`
    return Object.entries(actions).map(([id, action]) => ({
      uid: { type: own, id },
      parents: (action.memberOf ?? []).map((group) => ({ type: group.type ?? own, id: group.id })),
    }))
  })
}
