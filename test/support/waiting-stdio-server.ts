import { appendFileSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { McpServer } from '@modelcontextprotocol/server'
import { serveStdio } from '@modelcontextprotocol/server/stdio'

/**
 * A stdio server of the official SDK that says its name (first argument) at once (`say`), or when the file `go` is in
 * the folder of the second argument (`wait`), where it puts a dot into `waiting` for each call that waits.
 */
const [, , name = '', folder = ''] = process.argv

serveStdio(() => {
  const server = new McpServer({ name, version: '1.0.0' })
  const said = { content: [{ type: 'text' as const, text: name }] }
  server.registerTool('say', { description: 'Says its name' }, () => said)
  server.registerTool('wait', { description: 'Says its name later' }, async () => {
    appendFileSync(join(folder, 'waiting'), '.')
    while (!existsSync(join(folder, 'go'))) {
      await new Promise((resolve) => {
        setTimeout(resolve, 20)
      })
    }
    return said
  })
  return server
})
