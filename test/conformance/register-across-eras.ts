import {
  inputRequired,
  inputResponse,
  type McpServer,
  type ServerContext,
} from '@modelcontextprotocol/server'
import { z } from 'zod'
import { ASKED, on } from './register-asking-tools.ts'
import { NAME_FORM, question } from './register-input-required.ts'
import { text } from './fixture-content.ts'

/** What the suite expects of a server of the initialize era, by a server of 2026-07-28: the same questions, its own way. */
export function registerAskingModern(server: McpServer): void {
  server.registerTool(
    'test_sampling',
    { description: 'Asks the client’s model', inputSchema: z.object({ prompt: z.string() }) },
    ({ prompt }, context) => {
      const answer = inputResponse(context.mcpReq.inputResponses, 'answer')
      if (answer.kind === 'sampling') {
        const { content } = answer.result
        return text(`LLM response: ${'text' in content ? content.text : JSON.stringify(content)}`)
      }
      const messages = [{ role: 'user' as const, content: { type: 'text' as const, text: prompt } }]
      return inputRequired({
        inputRequests: { answer: inputRequired.createMessage({ messages, maxTokens: 100 }) },
      })
    },
  )
  server.registerTool(
    'test_elicitation',
    { description: 'Asks the user', inputSchema: z.object({ message: z.string() }) },
    ({ message }, context) => elicit(context, { message, schema: ASKED.contact, says: 'User response' }),
  )
  for (const [name, schema] of [
    ['test_elicitation_sep1034_defaults', ASKED.defaults],
    ['test_elicitation_sep1330_enums', ASKED.enums],
  ] as const) {
    server.registerTool(name, { description: 'Asks the user with a form' }, (context) =>
      elicit(context, { message: 'Please fill in', schema, says: 'Elicitation completed' }),
    )
  }
}

function elicit(
  context: ServerContext,
  asked: { readonly message: string; readonly schema: object; readonly says: string },
): ReturnType<typeof text> | ReturnType<typeof inputRequired> {
  const answer = inputResponse(context.mcpReq.inputResponses, 'answer')
  if (answer.kind === 'elicit') {
    const content = answer.action === 'accept' ? answer.content : {}
    return text(`${asked.says}: action=${answer.action}, content=${JSON.stringify(content)}`)
  }
  const params = { mode: 'form', message: asked.message, requestedSchema: asked.schema }
  return inputRequired({
    inputRequests: { answer: inputRequired.elicit(params as Parameters<typeof inputRequired.elicit>[0]) },
  })
}

/** What the suite expects of a server of 2026-07-28, by a server of the initialize era, which asks while it works. */
export function registerInputRequiredLegacy(server: McpServer): void {
  const ask = async (context: ServerContext, key: string, message: string): Promise<string> => {
    const answer = await context.mcpReq.elicitInput(question(key, message), on(context))
    return String(answer.content?.[key])
  }
  for (const name of ['test_input_required_result_elicitation', 'test_streaming_elicitation']) {
    server.registerTool(name, { description: 'Asks for a name' }, async (context) =>
      text(`Hello, ${await ask(context, 'name', NAME_FORM)}!`),
    )
  }
  server.registerTool(
    'test_input_required_result_multi_round',
    { description: 'Asks twice' },
    async (context) => {
      const name = await ask(context, 'name', 'Step 1: What is your name?')
      return text(`${name} likes ${await ask(context, 'color', 'Step 2: What is your favorite color?')}`)
    },
  )
  server.registerTool(
    'test_input_required_result_list_roots',
    { description: 'Asks for roots' },
    async (context) => {
      const { roots } = await server.server.listRoots(undefined, on(context))
      return text(roots.map(({ uri }) => uri).join(', '))
    },
  )
  server.registerTool(
    'test_input_required_result_sampling',
    { description: 'Asks the model' },
    async (context) => text(JSON.stringify((await sample(context)).content)),
  )
  for (const name of [
    'test_input_required_result_request_state',
    'test_input_required_result_tampered_state',
  ]) {
    server.registerTool(name, { description: 'Asks to confirm' }, async (context) => {
      await context.mcpReq.elicitInput(question('ok', 'Please confirm', 'boolean'), on(context))
      return text('state-ok')
    })
  }
  server.registerTool(
    'test_input_required_result_multiple_inputs',
    { description: 'Asks for three things' },
    async (context) => {
      const [name, roots] = await Promise.all([
        ask(context, 'name', NAME_FORM),
        server.server.listRoots(undefined, on(context)),
        sample(context),
      ])
      return text(`got everything: ${name}, ${String(roots.roots.length)} roots`)
    },
  )
  server.registerTool(
    'test_input_required_result_capabilities',
    { description: 'Asks what the client can' },
    async (context) => {
      const declared = server.server.getClientCapabilities()
      await Promise.all([
        declared?.sampling === undefined ? undefined : sample(context),
        declared?.elicitation === undefined ? undefined : ask(context, 'name', NAME_FORM),
      ])
      return text('done')
    },
  )
  server.registerPrompt(
    'test_input_required_result_prompt',
    { description: 'Asks for context' },
    async (context) => ({
      messages: [
        {
          role: 'user',
          content: {
            type: 'text',
            text: `Context: ${await ask(context, 'context', 'What context should the prompt use?')}`,
          },
        },
      ],
    }),
  )
}

function sample(context: ServerContext): ReturnType<ServerContext['mcpReq']['requestSampling']> {
  const messages = [
    { role: 'user' as const, content: { type: 'text' as const, text: 'What is the capital of France?' } },
  ]
  return context.mcpReq.requestSampling({ messages, maxTokens: 100 }, on(context))
}
