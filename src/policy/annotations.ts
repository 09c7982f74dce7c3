import { SEVERITIES, type DelegatorMay, type Gate, type Obligation, type Severity } from '../core/decision.ts'

/** Every annotation that a policy may carry. Later versions add words here, and lint knows them then. */
export const ANNOTATIONS = {
  id: 'the policy’s name in decisions and records: required, unique in the set',
  reason: 'what people and agents read when the policy decides',
  doc: 'a note for the authors of policies',
  consent: 'on a forbid: a human’s approval of this scope lifts it',
  consent_by: 'the role or team whose members may approve; left out = whoever policy lets approve',
  escalate_to: 'the role or team whose members may approve as well after `@escalate_after`',
  escalate_after: 'when others may approve as well: 30s to 7d, and less than the timeout',
  delegator:
    'whether the human whose task it is may approve: never, alone (on a laptop where nobody else is enrolled) or yes; left out = never',
  grant:
    'task = the approver may agree for the rest of the task, to exactly the same work; left out = once only',
  quorum: 'how many different humans must approve, 1 to 9',
  severity: 'low, medium or high: how the request is shown, and what approve policies test',
  timeout: 'how long the request may wait: 30s to 7d',
  always: 'never softened by observe mode',
  redact: 'on a permit: `secrets` = secrets in the result are replaced before it leaves the gate',
  withhold: 'on a permit: `secrets` = a result that holds secrets does not leave the gate',
} as const

/** The one thing that results are searched for. */
export const OBLIGED = 'secrets'

const DEFAULT_SEVERITY: Severity = 'medium'
const DEFAULT_TIMEOUT = 3600
const DEFAULT_QUORUM = 1

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 }
const SHORTEST = 30
const LONGEST = 7 * 86_400

/** Seconds in `30s`, `10m`, `2h` or `1d`; undefined for anything else and outside 30 s to 7 d. */
export function parseTimeout(text: string): number | undefined {
  const match = /^(\d{1,6})([smhd])$/.exec(text)
  const unit = UNITS[match?.[2] ?? '']
  if (match === null || unit === undefined) return undefined
  const seconds = Number(match[1]) * unit
  return seconds >= SHORTEST && seconds <= LONGEST ? seconds : undefined
}

export function parseQuorum(text: string): number | undefined {
  return /^[1-9]$/.test(text) ? Number(text) : undefined
}

export function parseSeverity(text: string): Severity | undefined {
  return SEVERITIES.find((severity) => severity === text)
}

/** Undefined for what is no word of `@delegator`. */
export function parseDelegator(text: string): DelegatorMay | 'never' | undefined {
  return (['never', 'alone', 'yes'] as const).find((word) => word === text)
}

/** The gate that a policy's `@consent` makes; undefined = the policy has none and is hard. */
export function gateFrom(annotations: ReadonlyMap<string, string>, policy: string): Gate | undefined {
  const scope = annotations.get('consent')
  if (scope === undefined) return undefined
  const by = annotations.get('consent_by')
  const delegator = parseDelegator(annotations.get('delegator') ?? '') ?? 'never'
  return {
    scope,
    ...(by === undefined ? {} : { by }),
    ...escalationFrom(annotations),
    ...(delegator === 'never' ? {} : { delegator }),
    ...(annotations.get('grant') === 'task' ? { grant: 'task' as const } : {}),
    quorum: parseQuorum(annotations.get('quorum') ?? '') ?? DEFAULT_QUORUM,
    severity: parseSeverity(annotations.get('severity') ?? '') ?? DEFAULT_SEVERITY,
    timeout: timeoutOf(annotations),
    policy,
    reason: annotations.get('reason') ?? `policy \`${policy}\` asks for consent to \`${scope}\``,
  }
}

/** Who may approve as well after a time; nothing where either half is missing, so that nobody is let in by half a rule. */
function escalationFrom(
  annotations: ReadonlyMap<string, string>,
): Pick<Gate, 'escalateTo' | 'escalateAfter'> {
  const escalateTo = annotations.get('escalate_to')
  const escalateAfter = parseTimeout(annotations.get('escalate_after') ?? '')
  const whole =
    escalateTo !== undefined && escalateAfter !== undefined && annotations.get('consent_by') !== undefined
  return whole ? { escalateTo, escalateAfter } : {}
}

/** How long a request before a gate with these annotations may wait, in seconds. */
export function timeoutOf(annotations: ReadonlyMap<string, string>): number {
  return parseTimeout(annotations.get('timeout') ?? '') ?? DEFAULT_TIMEOUT
}

/** What a permit wants done with the result of what it permits. */
export function obligationsFrom(annotations: ReadonlyMap<string, string>): readonly Obligation[] {
  return [
    ...(annotations.get('redact') === OBLIGED ? ['redact-secrets' as const] : []),
    ...(annotations.get('withhold') === OBLIGED ? ['withhold-secrets' as const] : []),
  ]
}
