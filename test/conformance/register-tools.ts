import { setTimeout as sleep } from 'node:timers/promises'
import type { McpServer, ServerNotifier } from '@modelcontextprotocol/server'
import { z } from 'zod'
import { PNG, text, WAV } from './fixture-content.ts'

/** Tools of both revisions that answer without asking anybody. */
export function registerTools(server: McpServer, notify: ServerNotifier | undefined): void {
  registerContent(server)
  server.registerTool('test_error_handling', { description: 'Always fails' }, () => {
    throw new Error('This tool intentionally returns an error for testing')
  })
  server.registerTool('test_tool_with_logging', { description: 'Logs three times' }, async (context) => {
    await context.mcpReq.log('info', 'Tool execution started')
    await sleep(50)
    await context.mcpReq.log('info', 'Tool processing data')
    await sleep(50)
    await context.mcpReq.log('info', 'Tool execution completed')
    return text('logged')
  })
  server.registerTool(
    'test_logging_tool',
    { description: 'Logs when the request asks for it' },
    async (context) => {
      await context.mcpReq.log('info', 'one line')
      return text('logged')
    },
  )
  server.registerTool('test_tool_with_progress', { description: 'Reports progress' }, async (context) => {
    const progressToken = context.mcpReq._meta?.progressToken
    for (const progress of [0, 50, 100]) {
      if (progressToken !== undefined) {
        const params = { progressToken, progress, total: 100 }
        await context.mcpReq.notify({ method: 'notifications/progress', params })
      }
      await sleep(50)
    }
    return text('done')
  })
  server.registerTool('test_trigger_tool_change', { description: 'Announces changed tools' }, () => {
    notify?.toolsChanged()
    return text('announced')
  })
  server.registerTool('test_trigger_prompt_change', { description: 'Announces changed prompts' }, () => {
    notify?.promptsChanged()
    return text('announced')
  })
  registerHeaders(server)
}

function registerContent(server: McpServer): void {
  server.registerTool('test_simple_text', { description: 'Text' }, () =>
    text('This is a simple text response for testing.'),
  )
  server.registerTool('test_image_content', { description: 'An image' }, () => ({
    content: [{ type: 'image', data: PNG, mimeType: 'image/png' }],
  }))
  server.registerTool('test_audio_content', { description: 'A sound' }, () => ({
    content: [{ type: 'audio', data: WAV, mimeType: 'audio/wav' }],
  }))
  server.registerTool('test_embedded_resource', { description: 'A resource' }, () => ({
    content: [
      {
        type: 'resource',
        resource: {
          uri: 'test://embedded-resource',
          mimeType: 'text/plain',
          text: 'This is an embedded resource content.',
        },
      },
    ],
  }))
  server.registerTool(
    'test_multiple_content_types',
    { description: 'Text, an image and a resource' },
    () => ({
      content: [
        { type: 'text', text: 'Multiple content types test:' },
        { type: 'image', data: PNG, mimeType: 'image/png' },
        {
          type: 'resource',
          resource: {
            uri: 'test://mixed-content-resource',
            mimeType: 'application/json',
            text: JSON.stringify({ test: 'data', value: 123 }),
          },
        },
      ],
    }),
  )
}

function registerHeaders(server: McpServer): void {
  const inputSchema = z.object({
    region: z.string().meta({ 'x-mcp-header': 'Region' }).describe('Mirrored in a header'),
    query: z.string().optional(),
  })
  const description = 'Wants one argument in a header as well'
  server.registerTool('test_custom_headers', { description, inputSchema }, ({ region }) =>
    text(`region ${region}`),
  )
}
