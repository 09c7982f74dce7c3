export interface StreamMessage {
  readonly event: string
  /** From where to go on; empty where the event has none. */
  readonly id: string
  readonly data: unknown
}

/** Takes the text of a stream (`text/event-stream`) apart as it comes, wherever it is cut. */
export class EventText {
  #kept = ''

  /** @returns what is whole by now; signs of life are nothing to tell. */
  add(text: string): readonly StreamMessage[] {
    const parts = (this.#kept + text).split('\n\n')
    this.#kept = parts.pop() ?? ''
    return parts.filter((part) => !part.startsWith(':')).map(messageOf)
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
