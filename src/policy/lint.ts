import { isJsonObject, type Json } from '../core/json.ts'
import {
  ANNOTATIONS,
  OBLIGED,
  parseDelegator,
  parseQuorum,
  parseSeverity,
  parseTimeout,
} from './annotations.ts'
import { BUILTIN_FILE, BUILTIN_PREFIX } from './builtin-policies.ts'
import { closestWord } from '../core/closest-word.ts'
import { annotationsOf, type Est } from './est.ts'
import { escalationProblems } from './lint-escalation.ts'
import { unknownWords } from './lint-words.ts'
import { lintExpression } from './lint-structure.ts'

export interface LintProblem {
  readonly message: string
  readonly help?: string
  /** The annotation that it is about, so that the message can point at it. */
  readonly annotation?: string
  /** The string literal that it is about. */
  readonly literal?: string
}

const POLICY_ID = /^[a-z0-9][a-z0-9._/-]{0,127}$/
const WORD = /^[a-z0-9][a-z0-9._-]{0,63}$/

/** What Remit asks of a policy beyond Cedar's own grammar and types. */
export function lintPolicy(est: Est, file: string): readonly LintProblem[] {
  const annotations = annotationsOf(est)
  return [
    ...unknownAnnotations(annotations),
    ...idProblems(annotations, file),
    ...consentProblems(annotations, est['effect'] === 'forbid'),
    ...valueProblems(annotations),
    ...bodies(est).flatMap((body) => lintExpression(body).map((message) => ({ message }))),
    ...bodies(est)
      .flatMap(unknownWords)
      .map(({ word, ...problem }) => ({ ...problem, literal: word })),
  ]
}

function bodies(est: Est): readonly Json[] {
  const conditions = est['conditions']
  if (!Array.isArray(conditions)) return []
  return (conditions as readonly Json[]).map((clause) =>
    isJsonObject(clause) ? (clause['body'] ?? null) : null,
  )
}

function unknownAnnotations(annotations: ReadonlyMap<string, string>): readonly LintProblem[] {
  const words = Object.keys(ANNOTATIONS)
  return [...annotations.keys()]
    .filter((name) => !Object.hasOwn(ANNOTATIONS, name))
    .map((name) => {
      const meant = closestWord(name, words)
      const help =
        meant === undefined
          ? `known are ${words.map((word) => `@${word}`).join(', ')}`
          : `did you mean \`@${meant}\`?`
      return { message: `annotation \`@${name}\` is not known`, help, annotation: name }
    })
}

function idProblems(annotations: ReadonlyMap<string, string>, file: string): readonly LintProblem[] {
  const id = annotations.get('id')
  if (id === undefined) return [{ message: 'the policy has no `@id`', help: 'add `@id("a-name")` above it' }]
  if (file === BUILTIN_FILE) return []
  if (id.startsWith(BUILTIN_PREFIX)) {
    return [{ message: `ids that start with \`${BUILTIN_PREFIX}\` are Remit’s own`, annotation: 'id' }]
  }
  if (POLICY_ID.test(id)) return []
  return [{ message: `\`${id}\` is no policy id: lower-case letters, digits and . _ / -`, annotation: 'id' }]
}

/** Annotations that say something about a gate, and mean nothing without one. */
const GATE_ONLY = ['consent_by', 'delegator', 'escalate_after', 'escalate_to', 'grant', 'quorum', 'timeout']

function consentProblems(annotations: ReadonlyMap<string, string>, forbids: boolean): readonly LintProblem[] {
  const problems: LintProblem[] = []
  const consent = annotations.get('consent')
  if (!forbids) {
    for (const name of ['consent', 'severity', 'always']) {
      if (annotations.has(name)) {
        problems.push({
          message: `\`@${name}\` stands on a permit; only a forbid can have it`,
          annotation: name,
        })
      }
    }
  }
  if (forbids) {
    for (const name of ['redact', 'withhold']) {
      if (annotations.has(name)) {
        problems.push({
          message: `\`@${name}\` stands on a forbid; only a permit can have it`,
          annotation: name,
        })
      }
    }
  }
  if (consent === undefined) {
    for (const name of GATE_ONLY.filter((name) => annotations.has(name))) {
      problems.push({ message: `\`@${name}\` needs a \`@consent\``, annotation: name })
    }
  } else if (!WORD.test(consent)) {
    problems.push({
      message: `\`@consent("${consent}")\` names no scope: lower-case letters, digits and . _ -`,
      annotation: 'consent',
    })
  }
  return [...problems, ...grantProblems(annotations), ...escalationProblems(annotations)]
}

/** What needs several people, or more than one look, is agreed to each time. */
function grantProblems(annotations: ReadonlyMap<string, string>): readonly LintProblem[] {
  if (!annotations.has('grant')) return []
  const severe = annotations.get('severity') === 'high'
  const many = (parseQuorum(annotations.get('quorum') ?? '') ?? 1) > 1
  if (!severe && !many) return []
  const what = severe ? 'a gate of high severity' : 'a gate that needs several humans'
  return [
    {
      message: `\`@grant\` stands on ${what}, which is agreed to each time`,
      help: 'leave `@grant` out',
      annotation: 'grant',
    },
  ]
}

const VALUES: readonly (readonly [string, (text: string) => boolean, string])[] = [
  ['delegator', (text) => parseDelegator(text) !== undefined, '`never`, `alone` or `yes`'],
  ['grant', (text) => text === 'task', '`task`'],
  ['quorum', (text) => parseQuorum(text) !== undefined, 'a number from 1 to 9'],
  ['severity', (text) => parseSeverity(text) !== undefined, '`low`, `medium` or `high`'],
  ['timeout', (text) => parseTimeout(text) !== undefined, 'a time from `30s` to `7d`, as in `10m` or `2h`'],
  ['redact', (text) => text === OBLIGED, '`secrets`'],
  ['withhold', (text) => text === OBLIGED, '`secrets`'],
  ['always', (text) => text === '', 'no value at all'],
  ['consent_by', (text) => text.trim() === text && text !== '', 'the name of a role or team'],
  ['escalate_to', (text) => text.trim() === text && text !== '', 'the name of a role or team'],
  [
    'escalate_after',
    (text) => parseTimeout(text) !== undefined,
    'a time from `30s` to `7d`, as in `10m` or `2h`',
  ],
  ['reason', (text) => text.trim() !== '', 'a sentence'],
]

function valueProblems(annotations: ReadonlyMap<string, string>): readonly LintProblem[] {
  return VALUES.flatMap(([name, accepts, expected]) => {
    const value = annotations.get(name)
    if (value === undefined || accepts(value)) return []
    return [
      { message: `\`@${name}("${value}")\` is not understood`, help: `write ${expected}`, annotation: name },
    ]
  })
}
