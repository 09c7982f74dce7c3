import { createServer, type Server } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { discardBody } from './discard-body.ts'

const CAP = 100_000
let server: Server

beforeAll(async () => {
  server = createServer((request, response) => {
    const answer = async (): Promise<void> => {
      await discardBody(request, CAP)
      response.writeHead(200, request.complete ? {} : { connection: 'close' })
      response.end(`seen ${request.url ?? ''}`)
    }
    void answer()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterAll(() => server.close())

/** Sends it all at once and returns what came until `last` was there, or the connection ended. */
function exchange(text: string, last: string): Promise<string> {
  return new Promise((resolve) => {
    let heard = ''
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1', () => socket.write(text))
    const done = (): void => {
      socket.destroy()
      resolve(heard)
    }
    socket.on('data', (chunk: Buffer) => {
      heard += chunk.toString()
      if (heard.includes(last)) done()
    })
    socket.on('close', done).on('error', done)
  })
}

const get = (path: string, length: number, body = 'x'.repeat(length)): string =>
  `GET ${path} HTTP/1.1\r\nhost: a\r\ncontent-length: ${String(length)}\r\n\r\n${body}`

test('R-SEC-1: a body that nobody wants keeps no answer from arriving, nor the next request', async () => {
  const heard = await exchange(get('/a', 0) + get('/b', CAP - 1) + get('/c', 0), 'seen /c')
  expect(heard.match(/seen \/./g)).toEqual(['seen /a', 'seen /b', 'seen /c'])
})

test('R-SEC-1: what is too much, or never comes, ends the connection with an answer', async () => {
  expect(await exchange(get('/d', 10 * CAP, 'x'.repeat(CAP + 1)), 'seen')).toContain('connection: close')
  expect(await exchange(get('/e', 10, ''), 'seen')).toContain('connection: close')
})
