import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { policySetTextToParts, policyToJson, schemaToJson } from '@cedar-policy/cedar-wasm/nodejs'
import { BUILTIN_FILE, BUILTIN_POLICIES } from '../../src/policy/builtin-policies.ts'
import { compilePolicySet } from '../../src/policy/compile-policy-set.ts'
import type { Est } from '../../src/policy/est.ts'
import type { ParsedPolicies } from '../../src/policy/parse-policies.ts'
import type { ParsedPolicy } from '../../src/policy/parse-job.ts'
import type { LoadedPolicySet } from '../../src/policy/policy-set.ts'
import { PACK, SCHEMA_FILE } from './samples.ts'

interface PolicyText {
  readonly file: string
  readonly text: string
}

/**
 * Compiles sound policies together with Remit's own, without a thread: the official engine parses the text once,
 * here, and every call compiles anew. How text is loaded, linted and refused is the business of other tests.
 */
export function compilerOf(
  text: string | readonly PolicyText[],
  { builtin = true, ceiling = true }: { readonly builtin?: boolean; readonly ceiling?: boolean } = {},
): () => LoadedPolicySet {
  const own = typeof text === 'string' ? [{ file: 'pack.cedar', text }] : text
  const all = parsedOf(typeof text === 'string' && ceiling ? [...own, HUMANS] : own)
  const parsed = { ...all, policies: all.policies.filter(({ file }) => builtin || file !== BUILTIN_FILE) }
  return () => compilePolicySet(parsed, '')
}

/** What humans may do themselves, for policies that are about tasks alone. */
export const HUMANS = {
  file: 'humans.cedar',
  text: '@id("human-ceiling") permit (principal is Human, action, resource) unless { action == Action::"approve" };',
}

/** The default pack. */
export function packCompiler(): () => LoadedPolicySet {
  return compilerOf(packTexts(PACK))
}

export function packTexts(folder: string): readonly PolicyText[] {
  const names = readdirSync(folder).filter((name) => name.endsWith('.cedar'))
  return names.toSorted().map((name) => ({
    file: join(basename(folder), name),
    text: readFileSync(join(folder, name), 'utf8'),
  }))
}

export function parsedOf(text: string | readonly PolicyText[]): ParsedPolicies {
  const own = typeof text === 'string' ? [{ file: 'pack.cedar', text }] : text
  const files = [{ file: BUILTIN_FILE, text: BUILTIN_POLICIES }, ...own]
  return { schema: { resourceTypes: RESOURCE_TYPES }, policies: files.flatMap(policiesOf) }
}

function policiesOf({ file, text }: PolicyText): readonly ParsedPolicy[] {
  const parts = policySetTextToParts(text)
  if (parts.type === 'failure') throw new Error(parts.errors[0]?.message)
  return parts.policies
    .map((policy) => {
      const answer = policyToJson(policy)
      if (answer.type === 'failure') throw new Error(answer.errors[0]?.message)
      const est = answer.json as unknown as Est & { readonly annotations: { readonly id: string } }
      const { id } = est.annotations
      const line = text.slice(0, text.indexOf(`@id("${id}")`)).split('\n').length
      return { id, file, line, column: 1, est }
    })
    .toSorted((a, b) => a.line - b.line)
}

const RESOURCE_TYPES = resourceTypes()

function resourceTypes(): ParsedPolicies['schema']['resourceTypes'] {
  const answer = schemaToJson(readFileSync(SCHEMA_FILE, 'utf8'))
  if (answer.type === 'failure') throw new Error(answer.errors[0]?.message)
  const actions = Object.values(answer.json).flatMap((namespace) => Object.entries(namespace.actions))
  return Object.fromEntries(
    actions.map(([name, action]) => [name, [...(action.appliesTo?.resourceTypes ?? [])]]),
  )
}
