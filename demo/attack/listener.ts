import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'

/** A port of this machine that stands for the attacker's: whatever reaches it was let out. */
export interface Listener {
  readonly port: number
  /** What was sent to it, one entry a connection. */
  heard(): readonly string[]
  close(): void
}

export async function startListener(): Promise<Listener> {
  const heard: string[] = []
  const server = createServer((socket) => {
    const at = heard.push('') - 1
    socket.on('data', (chunk: Buffer) => (heard[at] = `${heard[at]}${chunk.toString()}`))
    socket.on('error', () => undefined)
    socket.end('HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return { port, heard: () => heard, close: () => server.close() }
}
