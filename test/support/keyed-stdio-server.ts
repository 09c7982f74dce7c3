import { createHash } from 'node:crypto'
import { createInterface } from 'node:readline'

/** A stdio server of the initialize era, without any SDK: its one tool tells a digest of the token that it was given. */
interface Rpc {
  readonly id?: number | string
  readonly method: string
}

const ANSWERS: Readonly<Record<string, () => object>> = {
  initialize: () => ({
    protocolVersion: '2025-06-18',
    capabilities: { tools: {} },
    serverInfo: { name: 'keyed', version: '1.0.0' },
  }),
  ping: () => ({}),
  'tools/list': () => ({
    tools: [{ name: 'digest', inputSchema: { type: 'object' }, annotations: { readOnlyHint: true } }],
  }),
  'tools/call': () => ({
    content: [
      {
        type: 'text',
        text: createHash('sha256')
          .update(process.env['TEAM_TOKEN'] ?? '')
          .digest('hex'),
      },
    ],
  }),
}

createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method } = JSON.parse(line) as Rpc
  if (id === undefined) return
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id, result: ANSWERS[method]?.() ?? {} })}\n`)
})
