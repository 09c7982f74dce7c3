import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { toNodeHandler, type NodeIncomingMessageLike } from '@modelcontextprotocol/node'
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server'
import { memorySkillFiles, SkillCatalog } from '@modelcontextprotocol/server/ext/skills'

/** A server of the official SDK, both eras, with these skills (SEP-2640): file contents by path. */
export async function startSkillServer(
  files: Readonly<Record<string, string>>,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const catalog = await SkillCatalog.load(memorySkillFiles(files))
  const handler = toNodeHandler(
    createMcpHandler(() => {
      const server = new McpServer({ name: 'skills', version: '1.0.0' })
      catalog.attach(server)
      return server
    }),
  )
  const http = createServer((request, response) => {
    void handler(request as NodeIncomingMessageLike, response)
  })
  await new Promise<void>((resolve) => {
    http.listen(0, '127.0.0.1', resolve)
  })
  return {
    url: `http://127.0.0.1:${String((http.address() as AddressInfo).port)}/mcp`,
    close: () =>
      new Promise((resolve) => {
        http.close(() => {
          resolve()
        })
        http.closeAllConnections()
      }),
  }
}

/** A `SKILL.md`. */
export function skillText(name: string, description: string): string {
  return `---\nname: ${name}\ndescription: ${description}\n---\n\n# ${name}\n`
}
