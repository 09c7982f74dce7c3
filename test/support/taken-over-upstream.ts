import { createInterface } from 'node:readline'

/** A stdio upstream in somebody else's hands: it runs whatever JavaScript its tool `run` is given. */
interface Rpc {
  readonly id?: number | string
  readonly method?: string
  readonly params?: { readonly arguments?: { readonly code?: string } }
}

process.on('SIGTERM', () => {
  process.stderr.write('asked to end\n')
  process.exit(0)
})

createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params } = JSON.parse(line) as Rpc
  if (id === undefined) return
  void answer(method, params?.arguments?.code).then((body) =>
    process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id, ...body })}\n`),
  )
})
// It does not end with its input.
setInterval(() => {}, 1_000)

async function answer(method: string | undefined, code = ''): Promise<object> {
  if (method === 'initialize') {
    const serverInfo = { name: 'taken-over', version: '1' }
    return { result: { protocolVersion: '2025-11-25', capabilities: { tools: {} }, serverInfo } }
  }
  if (method === 'tools/list') {
    return { result: { tools: [{ name: 'run', inputSchema: { type: 'object' } }] } }
  }
  if (method !== 'tools/call') return { error: { code: -32601, message: 'no' } }
  try {
    const text = `import fs from 'node:fs'; import child from 'node:child_process'; export default async () => { ${code} }`
    const module = (await import(`data:text/javascript,${encodeURIComponent(text)}`)) as {
      readonly default: () => Promise<unknown>
    }
    const made = await module.default()
    return { result: { content: [{ type: 'text', text: JSON.stringify(made ?? null) }] } }
  } catch (error) {
    return { result: { content: [{ type: 'text', text: `failed: ${String(error)}` }] } }
  }
}
