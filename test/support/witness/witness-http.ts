import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text as readText } from 'node:stream/consumers'
import type { JsonObject } from '../../../src/core/json.ts'
import { Witness, type WitnessEra, type Witnessed } from './witness.ts'

/** The witness over Streamable HTTP: every answer is a stream that stays open until the answer is on it. */
export async function startWitnessHttp(
  era: WitnessEra,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const witness = new Witness(era)
  const server = createServer((request, response) => {
    void readText(request).then((body) => {
      if (request.method !== 'POST') return response.writeHead(405).end()
      const message = JSON.parse(body) as Witnessed['message']
      if (message.method === 'server/discover' && era === 'legacy') return response.writeHead(400).end()
      if (message.method === 'initialize') response.setHeader('mcp-session-id', 'witnessed')
      const asked = message.id !== undefined && message.method !== undefined
      response.once('close', () => {
        if (!response.writableFinished) witness.closed.push(message.id)
      })
      if (asked) response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders()
      else response.writeHead(202).end()
      witness.receive({ message, headers: request.headers as JsonObject }, (said) => {
        const answers = said['id'] === message.id && said['method'] === undefined
        response.write(`data: ${JSON.stringify(said)}\n\n`)
        // What comes late is still on the way when the stream ends.
        if (answers) setImmediate(() => response.end())
      })
      return undefined
    })
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/mcp`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => {
          resolve()
        })
      }),
  }
}
