import { createServer, request as httpRequest, type IncomingMessage, type Server } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { asRemitError } from '../core/errors.ts'
import { readBody } from './read-body.ts'

const CAP = 1_000
let server: Server
let port: number
let seen: Promise<string>

beforeAll(async () => {
  server = createServer((request, response) => {
    seen = readBody(request, CAP).then(
      (body) => {
        response.end('ok')
        return `ok ${body.length}`
      },
      (error: unknown) => {
        const { code, status } = asRemitError(error)
        response.writeHead(status, { connection: 'close' }).end(code)
        return code
      },
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  port = (server.address() as AddressInfo).port
})
afterAll(() => server.close())

function post(chunks: readonly Buffer[], headers: Record<string, string> = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      { host: '127.0.0.1', port, method: 'POST', headers },
      (response: IncomingMessage) => {
        let text = ''
        response.on('data', (chunk: Buffer) => (text += chunk.toString()))
        response.on('end', () => resolve(`${response.statusCode} ${text}`))
      },
    )
    request.on('error', reject)
    for (const chunk of chunks) request.write(chunk)
    request.end()
  })
}

describe('readBody', () => {
  it('returns the bytes of a body that arrives in pieces, up to the cap exactly', async () => {
    await expect(post([Buffer.alloc(400), Buffer.alloc(600)])).resolves.toBe('200 ok')
    await expect(seen).resolves.toBe('ok 1000')
    await expect(post([])).resolves.toBe('200 ok')
    await expect(seen).resolves.toBe('ok 0')
  })

  it('R-SEC-1: refuses a body over the cap while it arrives', async () => {
    await expect(post([Buffer.alloc(CAP), Buffer.alloc(1)])).resolves.toBe('413 body_too_large')
  })

  it('R-SEC-1: refuses from Content-Length before anything is read', async () => {
    const socket = connect(port, '127.0.0.1')
    socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1001\r\n\r\n')
    const text = await new Promise<string>((resolve) =>
      socket.once('data', (data) => resolve(data.toString())),
    )
    socket.destroy()
    expect(text).toMatch(/^HTTP\/1\.1 413 .*body_too_large/su)
  })

  it('R-SEC-1: refuses an encoded body, and accepts `identity`', async () => {
    const bomb = gzipSync(Buffer.alloc(1_000_000))
    await expect(post([bomb], { 'content-encoding': 'gzip' })).resolves.toBe('415 body_encoding')
    await expect(post([Buffer.from('{}')], { 'content-encoding': 'identity' })).resolves.toBe('200 ok')
  })

  it('tells of a client that went away in the middle', async () => {
    const socket = connect(port, '127.0.0.1')
    const arrived = new Promise((resolve) => server.once('request', resolve))
    socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc')
    await arrived
    socket.destroy()
    await expect(seen).resolves.toBe('request_invalid')
  })
})
