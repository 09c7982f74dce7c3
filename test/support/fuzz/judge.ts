import type { Known } from './draft.ts'
import { CANARY } from './fuzz-server.ts'
import type { Case } from './make-case.ts'
import type { Answer } from './answer-reader.ts'
import { saysClose, type Heard } from './raw-connection.ts'

/** What everybody may have: health, readiness, the metadata of the resource, the page that shows an approval. */
const PUBLIC = /^(?:ok\n$|\{"ready":|\{"resource":|<!doctype html>)/i

/** Why an answer must not be; undefined = nothing to say against it. */
export function judge(one: Case, answer: Answer): string | undefined {
  const { status, body } = answer
  if (body.includes('"code":"internal"') || status === 500) return `an internal error: ${body.slice(0, 400)}`
  if (status === 0) return `no answer of HTTP: ${answer.head.slice(0, 200)}`
  if (!one.anonymous) return undefined
  if (body.includes(CANARY)) return `told somebody unknown what a server says: ${body.slice(0, 400)}`
  if (status < 400 && body !== '' && !PUBLIC.test(body)) {
    return `answered somebody unknown with ${String(status)}: ${body.slice(0, 400)}`
  }
  if (status < 300 && body === '') return `did what somebody unknown wanted: ${String(status)}`
  return undefined
}

/** Whether an exchange ended as one may: closing early only where the last answer said so. */
export function judgeEnd(cases: readonly Case[], { answers, end }: Heard): string | undefined {
  if (end === 'hung')
    return `neither answered nor closed; ${String(answers.length)} of ${String(cases.length)} answers`
  if (end === 'answered' || cases.some(({ framed, streams }) => !framed || streams)) return undefined
  if (saysClose(answers.at(-1))) return undefined
  return `closed without a word after ${String(answers.length)} of ${String(cases.length)} answers`
}

const HANDLES = {
  requestState: /"requestState":"([\w-]+)"/,
  session: /\r\nmcp-session-id: (\S+)/i,
  approval: /\b(apr_[0-9a-z]{26})\b/,
  task: /\b(tsk_[0-9a-z]{26})\b/,
  decision: /\b(dec_[0-9a-z]{26})\b/,
  grant: /\b(grt_[0-9a-z]{26})\b/,
} as const

/** Keeps the newest handles of each kind that answers mention, for later requests. */
export function gather({ handles }: Known, { head, body }: Answer): void {
  const text = head + body.slice(0, 4_000)
  for (const [kind, pattern] of Object.entries(HANDLES)) {
    const found = pattern.exec(text)?.[1]
    const list = handles[kind as keyof typeof HANDLES]
    if (found === undefined || list.includes(found)) continue
    list.push(found)
    if (list.length > 12) list.shift()
  }
}
