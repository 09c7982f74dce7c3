import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text as readText } from 'node:stream/consumers'
import type { FuzzHttp } from './fuzz-http.ts'
import { resultOf, type Era, type Rpc } from './fuzz-server.ts'
import { garbleAnswer } from './garble-answer.ts'
import { Random } from './random.ts'

const RAW = [
  'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 7\r\n\r\n{}',
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: application/json\r\n\r\nzz\r\n',
  'HTTP/1.1 999 \0\r\n\r\n',
  'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n',
  'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n',
  'HTTP/1.1 301 Moved\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n',
  'SSH-2.0-OpenSSH\r\n',
  `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(200_000)}\r\n\r\n`,
  '',
]
const TYPES = [
  'application/json',
  'application/json',
  'text/html',
  '',
  'application/json; charset=x',
  'TEXT/event-stream',
]
const STATUSES = [200, 200, 200, 201, 202, 204, 302, 400, 401, 403, 404, 418, 429, 500, 503]

/** A server over HTTP whose answer to the call `g-<index>` is garbled in a way of its own. */
export async function startGarblingHttp(era: Era, seed: number): Promise<FuzzHttp> {
  const listener = createServer((request, response) => {
    void readText(request).then((body) => {
      if (body === '') return void response.writeHead(request.method === 'DELETE' ? 200 : 405).end()
      const message = JSON.parse(body) as Rpc
      if (message.id === undefined || message.method === undefined) return void response.writeHead(202).end()
      const result = resultOf(era, message)
      const error = { code: -32601, message: 'method not found' }
      const whole = { jsonrpc: '2.0', id: message.id, ...(result === undefined ? { error } : { result }) }
      const index = /"g-(\d+)"/.exec(body)?.[1]
      if (index !== undefined) return garbled(new Random(seed, Number(index)), whole, response)
      response.writeHead(result === undefined && era === 'modern' ? 404 : 200, {
        'content-type': 'application/json',
        ...(message.method === 'initialize' ? { 'mcp-session-id': 'one' } : {}),
      })
      return void response.end(JSON.stringify(whole))
    })
  })
  await new Promise<void>((resolve) => {
    listener.listen(0, '127.0.0.1', resolve)
  })
  return {
    url: `http://127.0.0.1:${String((listener.address() as AddressInfo).port)}/mcp`,
    close: () => {
      listener.closeAllConnections()
      listener.close()
    },
  }
}

function garbled(random: Random, whole: Record<string, unknown>, response: ServerResponse): void {
  const parts = garbleAnswer(random, whole)
  const how = random.weigh([
    [5, 'json'],
    [4, 'events'],
    [1, 'raw'],
    [1, 'cut'],
  ] as const)
  if (how === 'raw') {
    response.socket?.write(random.pick(RAW), () => response.destroy())
    return
  }
  if (how === 'events') {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    for (const part of parts) {
      const before = random.pick(['', ': x\n', 'id: \0\n', 'event: y\n', 'retry: x\n', 'data: {\n'])
      const behind = random.pick(['\n\n', '\n\n', '\r\n\r\n', '\n', ''])
      response.write(Buffer.concat([Buffer.from(`${before}data:`), part, Buffer.from(behind)]))
    }
    response.end()
    return
  }
  const body = Buffer.concat(parts)
  response.writeHead(random.pick(STATUSES), {
    'content-type': random.pick(TYPES),
    ...(random.chance(0.1) ? { 'content-encoding': random.pick(['gzip', 'br', 'x']) } : {}),
  })
  if (how === 'json') response.end(body)
  else response.write(body.subarray(0, random.int(body.length + 1)), () => response.destroy())
}
