import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { RemitError } from '../core/errors.ts'

/** One event of a stream (`text/event-stream` of the HTML standard). */
export interface StreamEvent {
  readonly event: string
  /** From where a reader goes on that was cut off. */
  readonly id?: string
  readonly data: unknown
}

/** Streams of one plane at the same time, and of one human. */
const MOST = 100
const MOST_OF_ONE = 10

/** Counts who listens, so that nobody takes all of it. */
export class StreamPlaces {
  readonly #taken: string[] = []

  /** @returns gives the place back. @throws RemitError `overloaded`. */
  take(human: string): () => void {
    const own = this.#taken.filter((each) => each === human).length
    if (this.#taken.length >= MOST || own >= MOST_OF_ONE) {
      throw new RemitError(
        'overloaded',
        `too many streams are open (${MOST_OF_ONE} for one human); close some`,
      )
    }
    this.#taken.push(human)
    let given = false
    return () => {
      if (given) return
      given = true
      this.#taken.splice(this.#taken.indexOf(human), 1)
    }
  }
}

/** Writes events as they come; a reader who is slow is waited for, one who is gone ends it. */
export async function sendStream(
  response: ServerResponse,
  events: AsyncIterable<StreamEvent | 'beat'>,
  headers: Readonly<Record<string, string>>,
): Promise<void> {
  const gone = new AbortController()
  response.once('close', () => gone.abort())
  response.writeHead(200, { ...headers, 'content-type': 'text/event-stream; charset=utf-8' })
  response.flushHeaders()
  for await (const event of events) {
    if (response.destroyed) break
    if (response.write(textOf(event))) continue
    try {
      await once(response, 'drain', { signal: gone.signal })
    } catch {
      break
    }
  }
  response.end()
}

function textOf(event: StreamEvent | 'beat'): string {
  if (event === 'beat') return ': here\n\n'
  const id = event.id === undefined ? '' : `id: ${event.id}\n`
  return `event: ${event.event}\n${id}data: ${JSON.stringify(event.data)}\n\n`
}
