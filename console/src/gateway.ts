import { get as signedGet, open, post as signedPost, Refused } from '../../pages/send.js'
import { withPasskey } from '../../pages/step-up.js'

/** Asks the gateway with the session’s key. @throws Refused with the gateway’s own words. */
export function get<Answer>(path: string): Promise<Answer> {
  return signedGet(path) as Promise<Answer>
}

export function post<Answer>(path: string, body: object = {}): Promise<Answer> {
  return signedPost(path, body) as Promise<Answer>
}

/** The same, with the passkey where the gateway asks for it. */
export function postGrave<Answer>(path: string, body: object, code?: string): Promise<Answer> {
  return withPasskey((assertion) => {
    const typed = code === undefined || code === '' ? {} : { stepUp: { code } }
    return post<Answer>(path, { ...body, ...(assertion === undefined ? typed : { stepUp: { assertion } }) })
  })
}

export function wordsOf(thrown: unknown): string {
  const words = thrown instanceof Error ? thrown.message : String(thrown)
  return `${words.slice(0, 1).toUpperCase()}${words.slice(1)}.`
}

/** The session has ended, or its key is not in this browser. */
export function needsLogin(thrown: unknown): boolean {
  return (
    thrown instanceof Refused &&
    ['login_needed', 'proof_needed', 'proof_invalid', 'login_refused'].includes(thrown.code)
  )
}

export interface StreamMessage {
  readonly event: string
  readonly id: string
  readonly data: unknown
}

/** Reads a stream of events until it ends. @throws Refused. */
export async function readStream(
  path: string,
  signal: AbortSignal,
  heard: (message: StreamMessage) => void,
): Promise<void> {
  const { body } = await open(path, signal)
  if (body === null) return
  const reader = body.pipeThrough(new TextDecoderStream()).getReader()
  let kept = ''
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    const parts = (kept + value).split('\n\n')
    kept = parts.pop() ?? ''
    for (const part of parts) if (!part.startsWith(':')) heard(messageOf(part))
  }
}

function messageOf(part: string): StreamMessage {
  const fields = new Map(
    part.split('\n').map((line) => {
      const at = line.indexOf(': ')
      return [line.slice(0, at), line.slice(at + 2)] as const
    }),
  )
  return {
    event: fields.get('event') ?? '',
    id: fields.get('id') ?? '',
    data: JSON.parse(fields.get('data') ?? 'null') as unknown,
  }
}
