import { formatPolicies, policyToJson, policyToText } from '@cedar-policy/cedar-wasm/nodejs'
import { RemitError } from '../core/errors.ts'
import type { Est } from './est.ts'
import { lintText } from './lint-structure.ts'
import type { PolicyWork } from './policy-work.ts'
import type { Problem } from './problem.ts'
import { positionAt, splitPolicies } from './split-policies.ts'

const LINE_WIDTH = 100
const INDENT_WIDTH = 2

/** Runs the official formatter, which keeps comments. In the worker only. */
export function formatSources(job: PolicyWork['format']['job']): PolicyWork['format']['result'] {
  const problems: Problem[] = []
  const texts = job.sources.map(({ file, text }) => {
    const found = problems.length
    for (const { structure, offset } of splitPolicies(text)) {
      const message = lintText(structure)
      if (message !== undefined) problems.push({ file, ...positionAt(text, offset), message })
    }
    if (problems.length > found) return undefined
    const answer = formatPolicies({ policyText: text, lineWidth: LINE_WIDTH, indentWidth: INDENT_WIDTH })
    if (answer.type === 'success') return answer.formatted_policy
    for (const { message, sourceLocations } of answer.errors) {
      const offset = Buffer.from(text)
        .subarray(0, sourceLocations?.[0]?.start ?? 0)
        .toString().length
      const what = message.replace(/^cannot parse input policies: /, '')
      problems.push({ file, ...positionAt(text, offset), message: what })
    }
    return undefined
  })
  return { texts, problems }
}

/** Parses without linting: what comes from elsewhere need not be as Remit wants it. */
export function readPolicies({ source }: PolicyWork['read']['job']): PolicyWork['read']['result'] {
  const problems: Problem[] = []
  const policies = splitPolicies(source.text).flatMap(({ text, offset, structure }) => {
    const tooDeep = lintText(structure)
    const answer = tooDeep === undefined ? policyToJson(text) : undefined
    if (answer?.type === 'success') return [answer.json as unknown as Est]
    const message = tooDeep ?? answer?.errors[0]?.message ?? 'it is no policy'
    problems.push({ file: source.file, ...positionAt(source.text, offset), message })
    return []
  })
  return { policies, problems }
}

/** @throws RemitError `policy_engine_failed` for a form that the official engine does not take back. */
export function printPolicies(job: PolicyWork['print']['job']): string {
  const policyText = job.policies.map((est) => {
    const answer = policyToText(est as never)
    if (answer.type === 'success') return answer.text
    throw new RemitError('policy_engine_failed', answer.errors[0]?.message ?? 'a policy cannot be printed')
  })
  const answer = formatPolicies({
    policyText: policyText.join('\n\n'),
    lineWidth: LINE_WIDTH,
    indentWidth: INDENT_WIDTH,
  })
  if (answer.type === 'success') return answer.formatted_policy
  throw new RemitError('policy_engine_failed', answer.errors[0]?.message ?? 'policies cannot be formatted')
}
