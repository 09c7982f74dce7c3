import type { McpServer, ServerContext } from '@modelcontextprotocol/server'
import { z } from 'zod'
import { text } from './fixture-content.ts'

type FormParams = Parameters<ServerContext['mcpReq']['elicitInput']>[0]

const NAMED = { const: 'value1', title: 'First Option' }
const ENUMS = {
  type: 'object',
  properties: {
    untitledSingle: { type: 'string', enum: ['option1', 'option2', 'option3'] },
    titledSingle: {
      type: 'string',
      oneOf: [NAMED, { const: 'value2', title: 'Second Option' }, { const: 'value3', title: 'Third Option' }],
    },
    legacyEnum: {
      type: 'string',
      enum: ['opt1', 'opt2', 'opt3'],
      enumNames: ['Option One', 'Option Two', 'Option Three'],
    },
    untitledMulti: { type: 'array', items: { type: 'string', enum: ['option1', 'option2', 'option3'] } },
    titledMulti: {
      type: 'array',
      items: {
        anyOf: [
          { const: 'value1', title: 'First Choice' },
          { const: 'value2', title: 'Second Choice' },
          { const: 'value3', title: 'Third Choice' },
        ],
      },
    },
  },
}
const DEFAULTS = {
  type: 'object',
  properties: {
    name: { type: 'string', default: 'John Doe' },
    age: { type: 'integer', default: 30 },
    score: { type: 'number', default: 95.5 },
    status: { type: 'string', enum: ['active', 'inactive', 'pending'], default: 'active' },
    verified: { type: 'boolean', default: true },
  },
}
const CONTACT = {
  type: 'object',
  properties: {
    username: { type: 'string', description: "User's response" },
    email: { type: 'string', description: "User's email address" },
  },
  required: ['username', 'email'],
}

/** Forms that the suite expects to be asked with. */
export const ASKED = { contact: CONTACT, defaults: DEFAULTS, enums: ENUMS } as const

/** Tools of the initialize era that ask the client while they run. */
export function registerAskingTools(server: McpServer): void {
  server.registerTool(
    'test_sampling',
    { description: 'Asks the client’s model', inputSchema: { prompt: z.string() } },
    async ({ prompt }, context) => {
      const answer = await context.mcpReq.requestSampling(
        {
          messages: [{ role: 'user', content: { type: 'text', text: prompt } }],
          maxTokens: 100,
        },
        on(context),
      )
      const { content } = answer
      const said = !Array.isArray(content) && content.type === 'text' ? content.text : JSON.stringify(content)
      return text(`LLM response: ${said}`)
    },
  )
  server.registerTool(
    'test_elicitation',
    { description: 'Asks the user', inputSchema: { message: z.string() } },
    async ({ message }, context) => {
      const answer = await context.mcpReq.elicitInput(form(message, CONTACT), on(context))
      return text(`User response: action=${answer.action}, content=${JSON.stringify(answer.content ?? {})}`)
    },
  )
  registerForm(server, 'test_elicitation_sep1034_defaults', DEFAULTS)
  registerForm(server, 'test_elicitation_sep1330_enums', ENUMS)
}

function registerForm(server: McpServer, name: string, schema: object): void {
  server.registerTool(name, { description: 'Asks the user with a form' }, async (context) => {
    const answer = await context.mcpReq.elicitInput(form('Please fill in', schema), on(context))
    return text(
      `Elicitation completed: action=${answer.action}, content=${JSON.stringify(answer.content ?? {})}`,
    )
  })
}

function form(message: string, requestedSchema: object): FormParams {
  return { mode: 'form', message, requestedSchema } as FormParams
}

/** On the stream of the call that asks: anything else is lost unless the client keeps a stream open. */
export function on(context: ServerContext): { relatedRequestId: string | number } {
  return { relatedRequestId: context.mcpReq.id }
}
