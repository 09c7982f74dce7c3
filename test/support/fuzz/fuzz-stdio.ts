import { appendFileSync } from 'node:fs'
import { keyOf, resultOf, type Era, type Rpc } from './fuzz-server.ts'
import { linesOf } from './lines-of.ts'

/** `node fuzz-stdio.ts <era> <server> <file>`: a recording server on stdio; what ran is a line of the file. */
const [era, server = '', file = ''] = process.argv.slice(2)

for await (const line of linesOf(process.stdin)) {
  hear(line)
}

function hear(line: string): void {
  const message = JSON.parse(line) as Rpc
  const key = keyOf(server, message)
  if (key !== undefined) appendFileSync(file, `${key}\n`)
  if (message.id === undefined || message.method === undefined) return
  const result = resultOf(era as Era, message)
  const answer = result === undefined ? { error: { code: -32601, message: 'method not found' } } : { result }
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id: message.id, ...answer })}\n`)
}
