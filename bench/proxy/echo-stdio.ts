/**
 * The stdio upstream of the benchmarks: MCP of the initialize era on raw lines. `echo` answers with its argument,
 * `blob` with as many bytes as it is asked for.
 */
import { createInterface } from 'node:readline'
import { blobText, toolsOf } from './echo-tools.ts'

interface Message {
  readonly id?: number
  readonly method: string
  readonly params?: { readonly name?: string; readonly arguments?: { text?: string; bytes?: number } }
}

function answer({ method, params }: Message): unknown {
  switch (method) {
    case 'initialize':
      return {
        protocolVersion: '2025-11-25',
        capabilities: { tools: {} },
        serverInfo: { name: 'echo', version: '1' },
      }
    case 'tools/list':
      return { tools: toolsOf(0) }
    case 'tools/call': {
      const { text, bytes } = params?.arguments ?? {}
      return { content: [{ type: 'text', text: bytes === undefined ? (text ?? '') : blobText(bytes) }] }
    }
    default:
      return undefined
  }
}

createInterface({ input: process.stdin }).on('line', (line) => {
  const message = JSON.parse(line) as Message
  if (message.id === undefined) return
  const result = answer(message)
  const told = result === undefined ? { error: { code: -32601, message: 'method not found' } } : { result }
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id: message.id, ...told })}\n`)
})
