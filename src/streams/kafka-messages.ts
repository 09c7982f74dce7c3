import type { SinkBatch } from './sink.ts'

export interface KafkaMessage {
  readonly topic: string
  readonly key: string
  readonly value: string
  readonly headers: Readonly<Record<string, string>>
}

/**
 * A message a record, with its task as key, so that a task lies in one partition and in order, and its index as header,
 * so that whoever gets it twice can tell. Of OTLP a message a signal.
 */
export function kafkaMessages(
  topic: string,
  { first, end, key, tenant, rows, parts }: SinkBatch,
): readonly KafkaMessage[] {
  return parts.flatMap(({ signal, text }): KafkaMessage[] => {
    if (signal !== undefined) {
      const headers = { 'remit-first': String(first), 'remit-end': String(end), 'remit-signal': signal }
      return [{ topic, key, value: text.trimEnd(), headers }]
    }
    const lines = text.split('\n').slice(0, -1)
    if (lines.length !== rows.length) throw new Error('a format whose records take more than one line')
    return lines.map((value, at) => {
      const { index, task } = rows[at] ?? { index: first }
      return {
        topic,
        key: task ?? tenant,
        value,
        headers: { 'remit-index': String(index), 'remit-tenant': tenant },
      }
    })
  })
}
