import { RemitError } from '../core/errors.ts'
import type { ParsedPolicy, ParsedSchema, PolicySource } from './parse-job.ts'
import type { PolicyCache } from './policy-cache.ts'
import { policyInvalid, type Problem } from './problem.ts'
import { runPolicyWorker } from './run-policy-worker.ts'

export interface ParsedPolicies {
  readonly schema: ParsedSchema
  readonly policies: readonly ParsedPolicy[]
}

/**
 * Policy files as JSON forms, linted and validated against the schema. What the cache knows is not parsed again.
 * @throws RemitError `policy_invalid` that lists every problem with file, line and column;
 *   `policy_engine_failed` when the official engine crashed.
 */
export async function parsePolicies(
  sources: readonly PolicySource[],
  schema: PolicySource,
  cache: PolicyCache,
): Promise<ParsedPolicies> {
  const schemaKey = cache.keyOf(['schema', schema.text])
  const keys = sources.map((source) => cache.keyOf(keyParts(source, schema)))
  const knownSchema = (await cache.read(schemaKey)) as ParsedSchema | undefined
  const known = (await Promise.all(keys.map((key) => cache.read(key)))) as (
    | readonly ParsedPolicy[]
    | undefined
  )[]
  const missing = sources.filter((_, position) => known[position] === undefined)
  if (knownSchema !== undefined && missing.length === 0) return united(knownSchema, known)

  const result = await runPolicyWorker('parse', {
    sources: missing,
    schema,
    ...(knownSchema === undefined ? {} : { knownSchema }),
  })
  if (result.problems.length > 0) throw policyInvalid(result.problems)
  if (result.schema === undefined)
    throw new RemitError('policy_engine_failed', 'the policy engine gave no schema')
  const fresh = new Map(missing.map((source, position) => [source, result.policies[position]]))
  const policies = sources.map((source, position) => known[position] ?? fresh.get(source))
  if (knownSchema === undefined) await cache.write(schemaKey, result.schema)
  for (const [position, key] of keys.entries()) {
    if (known[position] === undefined) await cache.write(key, policies[position])
  }
  return united(result.schema, policies)
}

/** What a links file makes depends on the templates beside it. */
function keyParts({ file, text, templates }: PolicySource, schema: PolicySource): readonly string[] {
  return ['policies', schema.text, file, text, ...(templates ?? []).map((template) => template.text)]
}

/** @throws RemitError `policy_invalid` for a template without a link and for an id that two policies have. */
function united(
  schema: ParsedSchema,
  lists: readonly (readonly ParsedPolicy[] | undefined)[],
): ParsedPolicies {
  const byId = new Map<string, ParsedPolicy>()
  const problems: Problem[] = []
  for (const list of lists) {
    if (list === undefined) throw new RemitError('policy_engine_failed', 'the policy engine left out a file')
    for (const policy of list) {
      const first = byId.get(policy.id)
      if (first === undefined) byId.set(policy.id, policy)
      else problems.push(duplicate(policy, first))
    }
  }
  const policies = [...byId.values()]
  const linked = new Set(policies.map(({ linkOf }) => linkOf))
  problems.push(...policies.filter(({ id, template }) => template && !linked.has(id)).map(unlinked))
  if (problems.length > 0) throw policyInvalid(problems)
  return { schema, policies: policies.filter(({ template }) => template !== true) }
}

/** As with a policy that can never hold: nobody would notice that it does nothing. */
function unlinked({ file, line, column, id }: ParsedPolicy): Problem {
  const help = 'add one to the links.yaml beside it, or write the policy without slots'
  return { file, line, column, message: `the template \`${id}\` has no link`, help }
}

function duplicate(policy: ParsedPolicy, first: ParsedPolicy): Problem {
  const { file, line, column, id } = policy
  const help = `the other is at ${first.file}:${first.line}:${first.column}`
  return { file, line, column, message: `two policies have the id \`${id}\``, help }
}
