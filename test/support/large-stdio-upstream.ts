import { createInterface } from 'node:readline'
import { largeResponse, smallResult } from './large-result.ts'

/** A stdio upstream of the initialize era whose one tool answers with as many bytes as it was started with. */
const BYTES = Number(process.argv[2])

createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method } = JSON.parse(line) as { readonly id?: number; readonly method: string }
  if (id === undefined) return
  const result = smallResult(method)
  const text =
    result === undefined ? largeResponse(id, BYTES) : JSON.stringify({ jsonrpc: '2.0', id, result })
  process.stdout.write(`${text}\n`)
})
