import { createInterface } from 'node:readline'
import { CAPABILITIES, tattle, type Rpc } from './tattling-server.ts'

/** The tattling server over stdio, initialize era: all that it says goes the one way there is. */
const say = (message: object): void => {
  process.stdout.write(`${JSON.stringify(message)}\n`)
}

createInterface({ input: process.stdin }).on('line', (line) => {
  const rpc = JSON.parse(line) as Rpc
  const { id } = rpc
  if (id === undefined || rpc.method === undefined) return
  if (rpc.method === 'initialize') {
    const result = {
      protocolVersion: '2025-11-25',
      capabilities: CAPABILITIES,
      serverInfo: { name: 'tattler' },
    }
    say({ jsonrpc: '2.0', id, result })
    return
  }
  void answer(rpc)
})

async function answer(rpc: Rpc): Promise<void> {
  const result = await tattle(rpc, { own: say, unasked: say })
  say({ jsonrpc: '2.0', id: rpc.id, result })
}
