import {
  policyToJson,
  schemaToJson,
  templateToJson,
  validate,
  type DetailedError,
} from '@cedar-policy/cedar-wasm/nodejs'
import { ACTIONS } from '../core/actions.ts'
import { closestWord } from '../core/closest-word.ts'
import { annotationsOf, type Est } from './est.ts'
import { linkTemplates, slotsOf } from './link-templates.ts'
import { type LintProblem, lintPolicy } from './lint.ts'
import { lintText } from './lint-structure.ts'
import type { ParsedPolicy, ParsedSchema, ParseJob, ParseResult, PolicySource } from './parse-job.ts'
import type { Problem } from './problem.ts'
import { positionAt, splitPolicies, type PolicyStatement } from './split-policies.ts'

/** Parses, lints and validates policy files with the official engine. Runs in the worker only. */
export function runParseJob(job: ParseJob): ParseResult {
  const problems: Problem[] = []
  const schema = job.knownSchema ?? parseSchema(job.schema, problems)
  if (schema === undefined) return { schema, policies: [], problems }
  const parsed = job.sources.map((source) => parseSource(source, problems))
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
  /** Absent for a link, which has no text of its own. */
  readonly statement?: PolicyStatement
  readonly policy: ParsedPolicy
}

function parseSource(source: PolicySource, problems: Problem[]): readonly (Parsed | undefined)[] {
  if (source.templates !== undefined) return parseLinks(source, source.templates, problems)
  return splitPolicies(source.text).map((statement) => parseStatement(source, statement, problems))
}

/** What is wrong with the templates themselves is reported where they stand, when their own file is parsed. */
function parseLinks(
  source: PolicySource,
  files: readonly PolicySource[],
  problems: Problem[],
): readonly Parsed[] {
  const unsound: Problem[] = []
  const templates = files
    .flatMap((file) => parseSource(file, unsound))
    .flatMap((parsed) => (parsed?.policy.template === true ? [parsed.policy] : []))
  return linkTemplates(source, templates, problems).map((policy) => {
    const { file, line, column } = policy
    for (const { message, help } of lintPolicy(policy.est, file)) {
      problems.push({ file, line, column, message, ...(help === undefined ? {} : { help }) })
    }
    return { source, policy }
  })
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
  for (const { message, help, ...about } of lintPolicy(est, source.file)) {
    const at = statement.offset + offsetOf(statement.text, about)
    const place = { file: source.file, ...positionAt(source.text, at) }
    problems.push({ ...place, message, ...(help === undefined ? {} : { help }) })
  }
  if (problems.length > found) return undefined
  const policy: ParsedPolicy = {
    id: annotationsOf(est).get('id') ?? '',
    file: source.file,
    ...positionAt(source.text, statement.offset),
    est,
    ...(slotsOf(est).length > 0 ? { template: true } : {}),
  }
  return { source, statement, policy }
}

/** The engine throws instead of answering when its stack overflows; it is of no use from then on. */
function toJson(text: string): ReturnType<typeof policyToJson> {
  try {
    const answer = policyToJson(text)
    const template = answer.type === 'failure' && /\?(?:principal|resource)\b/.test(text)
    return template ? templateToJson(text) : answer
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

function offsetOf(
  text: string,
  { annotation, literal }: Pick<LintProblem, 'annotation' | 'literal'>,
): number {
  if (literal !== undefined) return Math.max(0, text.lastIndexOf(JSON.stringify(literal)))
  return annotation === undefined ? 0 : Math.max(0, text.search(new RegExp(`@\\s*${annotation}\\b`)))
}

/** Warnings count: a policy that can never hold is a mistake, and one that nobody would notice. */
function validatePolicies(schema: string, policies: readonly Parsed[], problems: Problem[]): void {
  if (policies.length === 0) return
  const answer = check(schema, policies)
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
  const found = [...answer.validationErrors, ...warnings].toSorted(byLinkedLast(policies))
  for (const { policyId, error } of found) {
    const parsed = policies[Number(policyId)]
    if (parsed === undefined) continue
    const problem = problemOf(error, parsed)
    const message = problem.message.replaceAll(`for policy \`${policyId}\`, `, '')
    const help = actionMeant(message) ?? problem.help?.replaceAll(`for policy \`${policyId}\`, `, '')
    // The validator repeats itself for each entity type that a policy could be about.
    const key = `${policyId} ${problem.line}:${problem.column} ${help ?? message}`
    const ofTemplate = `${parsed.policy.linkOf ?? ''} ${message}`
    if (said.has(key) || said.has(ofTemplate)) continue
    said.add(key)
    if (parsed.policy.template === true) said.add(`${parsed.policy.id} ${message}`)
    problems.push({ ...problem, message, ...(help === undefined ? {} : { help }) })
  }
}

/** A mistake of a template is one of its links too: it is reported once, where the template stands. */
function byLinkedLast(policies: readonly Parsed[]) {
  const rank = ({ policyId }: { readonly policyId: string }): number =>
    policies[Number(policyId)]?.policy.linkOf === undefined ? 0 : 1
  return (a: { readonly policyId: string }, b: { readonly policyId: string }): number => rank(a) - rank(b)
}

/** The validator's own guess among actions is often a group. */
function actionMeant(message: string): string | undefined {
  const unknown = /^unrecognized action `Action::"(.+)"`$/.exec(message)?.[1]
  const meant = unknown === undefined ? undefined : closestWord(unknown, Object.keys(ACTIONS))
  return meant === undefined ? undefined : `did you mean \`Action::"${meant}"\`?`
}

function check(schema: string, policies: readonly Parsed[]): ReturnType<typeof validate> {
  const numbered = policies.map((parsed, index) => [String(index), parsed] as const)
  const texts = (template: boolean) =>
    Object.fromEntries(
      numbered
        .filter(([, { policy }]) => (policy.template === true) === template)
        // A link is validated as the policy that it makes.
        .map(([index, { statement, policy }]) => [index, statement?.text ?? (policy.est as never)]),
    )
  try {
    return validate({ schema, policies: { staticPolicies: texts(false), templates: texts(true) } })
  } catch {
    const message = 'a policy is too deep or too long for the validator'
    return { type: 'failure', errors: [engineCrash(message)], warnings: [] }
  }
}

function problemOf(error: DetailedError, { source, statement, policy }: Parsed): Problem {
  if (statement !== undefined) return problemFrom(error, source, statement)
  const { file, line, column } = policy
  const help = error.help ?? undefined
  return { file, line, column, message: error.message, ...(help === undefined ? {} : { help }) }
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
