import { once } from 'node:events'
import { request } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { MadeCertificate } from './client-certificates.ts'

/** Ends TLS, and hands on what it gets with the `Host` that the client wrote, as reverse proxies are told to. */
export interface TlsProxy {
  /** Base URL, without a slash at its end. */
  readonly url: string
  /** From now on everything goes there. */
  pointAt(base: string): void
  close(): void
}

export async function startTlsProxy({ cert, key }: MadeCertificate): Promise<TlsProxy> {
  let target = ''
  const server = createServer({ cert, key }, (incoming, outgoing) => {
    const { method, headers, url = '/' } = incoming
    const told = { 'x-forwarded-for': '203.0.113.9', 'x-forwarded-proto': 'https' }
    const onward = request(new URL(url, target), { method, headers: { ...told, ...headers } }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(outgoing)
    })
    onward.on('error', () => outgoing.destroy())
    outgoing.on('close', () => onward.destroy())
    incoming.pipe(onward)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `https://localhost:${(server.address() as AddressInfo).port}`,
    pointAt: (base) => {
      target = base
    },
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}
