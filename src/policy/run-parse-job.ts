import { policyToJson, schemaToJson, validate, type DetailedError } from '@cedar-policy/cedar-wasm/nodejs'
import { ACTIONS } from '../core/actions.ts'
import { closestWord } from './closest-word.ts'
import { annotationsOf, type Est } from './est.ts'
import { lintPolicy } from './lint.ts'
import { lintText } from './lint-structure.ts'
import type { ParsedPolicy, ParsedSchema, ParseJob, ParseResult, PolicySource } from './parse-job.ts'
import type { Problem } from './problem.ts'
import { positionAt, splitPolicies, type PolicyStatement } from './split-policies.ts'

/** Parses, lints and validates policy files with the official engine. Runs in the worker only. */
export function runParseJob(job: ParseJob): ParseResult {
  const problems: Problem[] = []
  const schema = parseSchema(job.schema, problems)
  if (schema === undefined) return { schema, policies: [], problems }
  const parsed = job.sources.map((source) =>
    splitPolicies(source.text).map((statement) => parseStatement(source, statement, problems)),
  )
  const sound = parsed.flat().filter((each): each is Parsed => each !== undefined)
  validatePolicies(job.schema.text, sound, problems)
  const bad = new Set(problems.map((problem) => problem.file))
  const policies = parsed.map((list, position) =>
    bad.has(job.sources[position]?.file ?? '') ? undefined : list.flatMap((each) => each?.policy ?? []),
  )
  return { schema, policies, problems }
}

interface Parsed {
  readonly source: PolicySource
  readonly statement: PolicyStatement
  readonly policy: ParsedPolicy
}

function parseSchema(schema: PolicySource, problems: Problem[]): ParsedSchema | undefined {
  const answer = schemaToJson(schema.text)
  if (answer.type === 'failure') {
    const whole: PolicyStatement = {
      text: schema.text,
      offset: 0,
      structure: { depth: 0, prefixRun: 0, operators: 0 },
    }
    for (const error of answer.errors) problems.push(problemFrom(error, schema, whole))
    return undefined
  }
  const actions = Object.values(answer.json).flatMap((namespace) => Object.entries(namespace.actions))
  return {
    resourceTypes: Object.fromEntries(
      actions.map(([name, action]) => [name, [...(action.appliesTo?.resourceTypes ?? [])]]),
    ),
  }
}

function parseStatement(
  source: PolicySource,
  statement: PolicyStatement,
  problems: Problem[],
): Parsed | undefined {
  const found = problems.length
  const tooDeep = lintText(statement.structure)
  if (tooDeep !== undefined) {
    problems.push({ file: source.file, ...positionAt(source.text, statement.offset), message: tooDeep })
    return undefined
  }
  const answer = toJson(statement.text)
  if (answer.type === 'failure') {
    for (const error of answer.errors) problems.push(problemFrom(error, source, statement))
    return undefined
  }
  const est = answer.json as unknown as Est
  for (const { annotation, ...problem } of lintPolicy(est, source.file)) {
    const at = statement.offset + annotationOffset(statement.text, annotation)
    problems.push({ file: source.file, ...positionAt(source.text, at), ...problem })
  }
  if (problems.length > found) return undefined
  const policy: ParsedPolicy = {
    id: annotationsOf(est).get('id') ?? '',
    file: source.file,
    ...positionAt(source.text, statement.offset),
    est,
  }
  return { source, statement, policy }
}

/** The engine throws instead of answering when its stack overflows; it is of no use from then on. */
function toJson(text: string): ReturnType<typeof policyToJson> {
  try {
    return policyToJson(text)
  } catch {
    return {
      type: 'failure',
      errors: [engineCrash('the policy is too deep or too long for the policy engine')],
    }
  }
}

function engineCrash(message: string): DetailedError {
  return { message, help: 'split it into several', code: null, url: null, severity: null }
}

function annotationOffset(text: string, annotation: string | undefined): number {
  return annotation === undefined ? 0 : Math.max(0, text.search(new RegExp(`@\\s*${annotation}\\b`)))
}

/** Warnings count: a policy that can never hold is a mistake, and one that nobody would notice. */
function validatePolicies(schema: string, policies: readonly Parsed[], problems: Problem[]): void {
  if (policies.length === 0) return
  const staticPolicies = Object.fromEntries(
    policies.map(({ statement }, index) => [String(index), statement.text]),
  )
  const answer = check(schema, staticPolicies)
  if (answer.type === 'failure') {
    for (const error of answer.errors) {
      problems.push({
        file: policies[0]?.source.file ?? 'policies',
        line: 1,
        column: 1,
        message: error.message,
      })
    }
    return
  }
  const said = new Set<string>()
  const failed = new Set(answer.validationErrors.map(({ policyId }) => policyId))
  const warnings = answer.validationWarnings.filter(({ policyId }) => !failed.has(policyId))
  for (const { policyId, error } of [...answer.validationErrors, ...warnings]) {
    const parsed = policies[Number(policyId)]
    if (parsed === undefined) continue
    const problem = problemFrom(error, parsed.source, parsed.statement)
    const message = problem.message.replaceAll(`for policy \`${policyId}\`, `, '')
    const help = actionMeant(message) ?? problem.help?.replaceAll(`for policy \`${policyId}\`, `, '')
    // The validator repeats itself for each entity type that a policy could be about.
    const key = `${policyId} ${problem.line}:${problem.column} ${help ?? message}`
    if (said.has(key)) continue
    said.add(key)
    problems.push({ ...problem, message, ...(help === undefined ? {} : { help }) })
  }
}

/** The validator's own guess among actions is often a group. */
function actionMeant(message: string): string | undefined {
  const unknown = /^unrecognized action `Action::"(.+)"`$/.exec(message)?.[1]
  const meant = unknown === undefined ? undefined : closestWord(unknown, Object.keys(ACTIONS))
  return meant === undefined ? undefined : `did you mean \`Action::"${meant}"\`?`
}

function check(schema: string, staticPolicies: Record<string, string>): ReturnType<typeof validate> {
  try {
    return validate({ schema, policies: { staticPolicies } })
  } catch {
    const message = 'a policy is too deep or too long for the validator'
    return { type: 'failure', errors: [engineCrash(message)], warnings: [] }
  }
}

function problemFrom(error: DetailedError, source: PolicySource, statement: PolicyStatement): Problem {
  const [location] = error.sourceLocations ?? []
  const offset = statement.offset + codeUnits(statement.text, location?.start ?? 0)
  const message = error.message.replace(/^failed to parse \w+ from string: /, '')
  const help = [location?.label, error.help].filter((text) => text !== null && text !== undefined).join('; ')
  return {
    file: source.file,
    ...positionAt(source.text, offset),
    message,
    ...(help === '' ? {} : { help }),
  }
}

/** The engine counts bytes of UTF-8; positions here are UTF-16 code units. */
function codeUnits(text: string, bytes: number): number {
  return Buffer.from(text, 'utf8').subarray(0, bytes).toString('utf8').length
}
