import { createServer, type IncomingHttpHeaders } from 'node:http'
import { gunzipSync } from 'node:zlib'
import type { AddressInfo } from 'node:net'

export interface OtlpAttribute {
  readonly key: string
  readonly value: Readonly<Record<string, unknown>>
}

/** A log record or a span in OTLP’s JSON encoding. */
export interface OtlpItem {
  readonly [field: string]: unknown
  readonly eventName?: string
  readonly name?: string
  readonly attributes: readonly OtlpAttribute[]
}

interface Scoped {
  readonly scope: object
  readonly logRecords?: readonly OtlpItem[]
  readonly spans?: readonly OtlpItem[]
}

interface Resourced {
  readonly resource: { readonly attributes: readonly OtlpAttribute[] }
  readonly scopeLogs?: readonly Scoped[]
  readonly scopeSpans?: readonly Scoped[]
}

interface Delivery {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly text: string
  readonly resources: readonly Resourced[]
}

/** Stands in for an OpenTelemetry collector: OTLP over HTTP in JSON, as it came. */
export class OtlpCollector {
  readonly got: Delivery[] = []
  readonly #server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body = Buffer.concat(chunks)
      const text = (request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body).toString()
      const sent = JSON.parse(text) as { resourceLogs?: Resourced[]; resourceSpans?: Resourced[] }
      const resources = sent.resourceLogs ?? sent.resourceSpans ?? []
      this.got.push({ path: request.url ?? '', headers: request.headers, text, resources })
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
    })
  })

  async start(): Promise<string> {
    this.#server.listen(0, '127.0.0.1')
    await new Promise((resolve) => {
      this.#server.once('listening', resolve)
    })
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  close(): void {
    this.#server.closeAllConnections()
    this.#server.close()
  }

  get logs(): readonly OtlpItem[] {
    return this.#scoped(({ scopeLogs }) => scopeLogs).flatMap(({ logRecords }) => logRecords ?? [])
  }

  get spans(): readonly OtlpItem[] {
    return this.#scoped(({ scopeSpans }) => scopeSpans).flatMap(({ spans }) => spans ?? [])
  }

  #scoped(of: (resource: Resourced) => readonly Scoped[] | undefined): readonly Scoped[] {
    return this.got.flatMap(({ resources }) => resources.flatMap((resource) => of(resource) ?? []))
  }
}

export function attributesOf(item: {
  readonly attributes: readonly OtlpAttribute[]
}): Record<string, unknown> {
  return Object.fromEntries(item.attributes.map(({ key, value }) => [key, Object.values(value)[0]]))
}
