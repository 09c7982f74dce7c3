import { gzipSync } from 'node:zlib'
import type { ExportFormat } from '../core/export-formats.ts'
import { guardedFetch, type GuardedFetchOptions } from '../net/guarded-fetch.ts'
import { BatchTooLarge, type Sink, type SinkBatch } from './sink.ts'

export interface HttpSinkSettings {
  readonly name: string
  /** Of OTLP without `/v1/…`. */
  readonly url: string
  readonly format: ExportFormat
  readonly gzip: boolean
  /** Asked at each attempt: what is rotated counts at once. @throws RemitError `config_invalid`. */
  readonly headers: () => Readonly<Record<string, string>>
  readonly fetching: GuardedFetchOptions
}

/** RFC 9110 media types. */
const MEDIA_TYPES: Readonly<Record<ExportFormat, string>> = {
  jsonl: 'application/x-ndjson',
  csv: 'text/csv; charset=utf-8; header=present',
  ocsf: 'application/x-ndjson',
  cef: 'text/plain; charset=utf-8',
  otlp: 'application/json',
}

/** RFC 9110 §15.5.14. */
const TOO_LARGE = 413

/** An endpoint that gets each batch as one POST, or one a signal. Any answer but 2xx means that it has nothing. */
export function httpSink(settings: HttpSinkSettings): Sink {
  const { name, url } = settings
  return { name, place: new URL(url).origin, send: (batch) => post(settings, batch) }
}

async function post(settings: HttpSinkSettings, { head, key, parts }: SinkBatch): Promise<void> {
  const { url, format, gzip, headers, fetching } = settings
  for (const { signal, text } of parts) {
    const target = signal === undefined ? url : `${url.replace(/\/$/, '')}/v1/${signal}`
    const body = Buffer.from(head + text)
    const answer = await guardedFetch(
      target,
      {
        method: 'POST',
        body: gzip ? gzipSync(body) : body,
        headers: {
          'user-agent': 'remit-export',
          'idempotency-key': signal === undefined ? key : `${key}/${signal}`,
          'content-type': MEDIA_TYPES[format],
          ...(gzip ? { 'content-encoding': 'gzip' } : {}),
          ...headers(),
        },
      },
      fetching,
    )
    if (answer.ok) continue
    const reason = `\`${new URL(url).origin}\` answered ${answer.status}`
    throw answer.status === TOO_LARGE ? new BatchTooLarge(reason) : new Error(reason)
  }
}
