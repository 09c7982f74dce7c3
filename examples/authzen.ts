// Asks Remit before a tool runs, and tells it how that ended. No package needed: REMIT_TOKEN=… node examples/authzen.ts
import { readFile } from 'node:fs/promises'

const gateway = process.env['REMIT_AGENT_URL'] ?? 'http://127.0.0.1:7410'

interface Answer {
  decision: boolean
  context: { reason: string; remit: { decision: string; approval?: { url: string } } }
}

async function remit<T>(path: string, body: object): Promise<T> {
  const response = await fetch(`${gateway}/access/v1/${path}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${process.env['REMIT_TOKEN']}`,
      'content-type': 'application/json',
      prefer: 'wait=60', // seconds that a human may take to agree
    },
    body: JSON.stringify(body),
  })
  if (!response.ok) throw new Error(`no decision, so no: ${await response.text()}`)
  return (await response.json()) as T
}

/** Runs `tool` where Remit permits it; what comes back has its secrets redacted. */
export async function guarded<T>(name: string, type: string, id: string, tool: () => Promise<T>): Promise<T> {
  const question = { subject: { type: 'task', id: 'self' }, action: { name }, resource: { type, id } }
  const { decision, context } = await remit<Answer>('evaluation', question)
  if (!decision) throw new Error(`${context.reason} ${context.remit.approval?.url ?? ''}`)
  const told = { decision: context.remit.decision }
  const result = await tool().catch(async (error: Error) => {
    await remit('outcomes', { ...told, status: 'error', error: error.message })
    throw error
  })
  return (await remit<{ result: T }>('outcomes', { ...told, status: 'ok', result })).result
}

const [path = 'README.md'] = process.argv.slice(2)
console.log(await guarded('file.read', 'File', path, () => readFile(path, 'utf8')))
