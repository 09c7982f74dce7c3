import { McpServer } from '@modelcontextprotocol/server'
import { serveStdio } from '@modelcontextprotocol/server/stdio'

/** A stdio server of the official SDK that speaks both eras and says how often its process was started. */
serveStdio(() => {
  const server = new McpServer({ name: 'both-eras', version: '1.0.0' })
  server.registerTool('pid', { description: 'Id of this process' }, () => ({
    content: [{ type: 'text', text: String(process.pid) }],
  }))
  server.registerTool('announce', { description: 'Says that its tools changed' }, () => {
    server.sendToolListChanged()
    return { content: [] }
  })
  return server
})
