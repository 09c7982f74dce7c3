/**
 * A forge as an MCP server over stdio, with tools of the names and arguments that GitHub's has: what this forge is
 * told to write it appends to a file. `node forge-server.ts <texts.json> <written.jsonl>`
 */
import { appendFileSync, readFileSync } from 'node:fs'
import { McpServer } from '@modelcontextprotocol/server'
import { serveStdio } from '@modelcontextprotocol/server/stdio'
import { z } from 'zod'

/** Texts of others that it hands out. */
export interface ForgeTexts {
  readonly issue: string
  readonly log: string
}

const repository = { owner: z.string(), repo: z.string() }

function buildForge(texts: ForgeTexts, note: (written: object) => void): McpServer {
  const server = new McpServer({ name: 'forge', version: '1.0.0' })
  const read = { annotations: { readOnlyHint: true } }
  server.registerTool(
    'issue_read',
    {
      ...read,
      description: 'An issue with its comments',
      inputSchema: z.object({ ...repository, issue_number: z.number(), method: z.enum(['get']) }),
    },
    () => answer(texts.issue),
  )
  server.registerTool(
    'get_job_logs',
    {
      ...read,
      description: 'The log of a job of a pipeline',
      inputSchema: z.object({ ...repository, job_id: z.number(), return_content: z.boolean().optional() }),
    },
    () => answer(texts.log),
  )
  server.registerTool(
    'create_issue',
    {
      description: 'Opens an issue',
      inputSchema: z.object({ ...repository, title: z.string(), body: z.string().optional() }),
    },
    (written) => {
      note(written)
      return answer('opened')
    },
  )
  server.registerTool(
    'add_issue_comment',
    {
      description: 'Comments on an issue',
      inputSchema: z.object({ ...repository, issue_number: z.number(), body: z.string() }),
    },
    (written) => {
      note(written)
      return answer('commented')
    },
  )
  return server
}

function answer(text: string): { content: { type: 'text'; text: string }[] } {
  return { content: [{ type: 'text', text }] }
}

if (import.meta.main) {
  const [, , texts = '', written = ''] = process.argv
  const given = JSON.parse(readFileSync(texts, 'utf8')) as ForgeTexts
  serveStdio(() => buildForge(given, (each) => appendFileSync(written, `${JSON.stringify(each)}\n`)))
}
