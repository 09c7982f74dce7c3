import { get as signedGet, open, post as signedPost, Refused } from '../../pages/send.js'
import { EventText, type StreamMessage } from './event-text.ts'
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
  return `${words.slice(0, 1).toUpperCase()}${words.slice(1).replace(/\.$/, '')}.`
}

/** The session has ended, or its key is not in this browser. */
export function needsLogin(thrown: unknown): boolean {
  return (
    thrown instanceof Refused &&
    ['login_needed', 'proof_needed', 'proof_invalid', 'login_refused'].includes(thrown.code)
  )
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
  const text = new EventText()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    for (const message of text.add(value)) heard(message)
  }
}
