import { createInterface } from 'node:readline'

/** A stdio upstream without any SDK, of the initialize era; the called tool's name says what it does. */
interface Rpc {
  readonly id?: number | string
  readonly method?: string
  readonly params?: { readonly name?: string; readonly requestId?: number }
  readonly result?: unknown
}

const send = (message: object): void => {
  process.stdout.write(`${JSON.stringify(message)}\n`)
}
const answer = (id: Rpc['id'], result: object): void => {
  send({ jsonrpc: '2.0', id, result })
}
const cancelled: (number | undefined)[] = []
let asking: Rpc['id']
let frozen = false

process.stdout.write('raw upstream starting, this line is no message\n')
process.stderr.write('listening on stdio\n')
if (process.env['IGNORE_SIGTERM'] === '1') process.on('SIGTERM', () => {})

createInterface({ input: process.stdin }).on('line', (line) => {
  if (frozen) return
  const rpc = JSON.parse(line) as Rpc
  if (rpc.method === undefined) {
    answer(asking, { answered: rpc.result })
    return
  }
  if (rpc.method === 'notifications/cancelled') cancelled.push(rpc.params?.requestId)
  if (rpc.id === undefined) return
  act(rpc, rpc.params?.name ?? rpc.method)
})
if (process.env['IGNORE_SIGTERM'] === '1') setInterval(() => {}, 1_000)

function act(rpc: Rpc, what: string): void {
  const { id } = rpc
  if (what === 'initialize') {
    answer(id, { protocolVersion: '2025-11-25', capabilities: {}, serverInfo: { name: 'raw-stdio' } })
  } else if (what === 'server/discover') send({ jsonrpc: '2.0', id, error: { code: -32601, message: 'no' } })
  else if (what === 'env') answer(id, { env: Object.keys(process.env).toSorted(), pid: process.pid })
  else if (what === 'freeze') frozen = true
  else if (what === 'babble') babble()
  else if (what === 'die') process.exit(3)
  else if (what === 'garbage') process.stdout.write('{"jsonrpc":"2.0",\n')
  else if (what === 'duplicate-keys')
    process.stdout.write(`{"jsonrpc":"2.0","id":${id},"result":{"a":1,"a":2}}\n`)
  else if (what === 'wrong-id') answer(987_654, {})
  else if (what === 'huge') process.stdout.write(Buffer.alloc(17 * 1024 * 1024, 0x61))
  else if (what === 'cancelled') answer(id, { cancelled })
  else if (what === 'ask') {
    asking = id
    send({ jsonrpc: '2.0', id: 'q1', method: 'roots/list', params: {} })
  } else if (what !== 'hang') answer(id, { content: [{ type: 'text', text: what }] })
}

/** As fast as anybody reads, for ever. */
function babble(): void {
  const note = {
    jsonrpc: '2.0',
    method: 'notifications/message',
    params: { level: 'info', data: 'x'.repeat(200) },
  }
  while (process.stdout.write(`${JSON.stringify(note)}\n`));
  process.stdout.once('drain', babble)
}
