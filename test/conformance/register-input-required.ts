import {
  CLIENT_CAPABILITIES_META_KEY,
  inputRequired,
  inputResponse,
  type McpServer,
  type RequestStateCodec,
  type ServerContext,
} from '@modelcontextprotocol/server'
import { text } from './fixture-content.ts'

type Responses = Record<string, unknown> | undefined

export const NAME_FORM = 'What is your name?'
const NAME = field('name', 'string', NAME_FORM)
const CONFIRM = field('ok', 'boolean', 'Please confirm')

/** Tools and the prompt of 2026-07-28 that need more than one round (SEP-2322). */
export function registerInputRequired(server: McpServer, state: RequestStateCodec): void {
  registerSingle(server)
  registerStateful(server, state)
  registerManyInputs(server, state)
  server.registerTool(
    'test_input_required_result_capabilities',
    { description: 'Asks what the client can' },
    (context) => {
      const declared = capabilities(context)
      const inputRequests = {
        ...(declared.sampling === undefined ? {} : { sample: sample('Say hello', 50) }),
        ...(declared.elicitation === undefined ? {} : { user_name: NAME }),
      }
      if (Object.keys(inputRequests).length === 0) return text('the client can be asked nothing')
      if (Object.keys(context.mcpReq.inputResponses ?? {}).length > 0) return text('done')
      return inputRequired({ inputRequests })
    },
  )
  server.registerPrompt(
    'test_input_required_result_prompt',
    { description: 'Asks for context' },
    (context) => {
      const answer = accepted(context.mcpReq.inputResponses, 'user_context')
      if (answer === undefined) {
        const ask = field('context', 'string', 'What context should the prompt use?')
        return inputRequired({ inputRequests: { user_context: ask } })
      }
      return {
        messages: [
          { role: 'user', content: { type: 'text', text: `Context: ${String(answer['context'])}` } },
        ],
      }
    },
  )
}

function registerSingle(server: McpServer): void {
  const elicit = (context: ServerContext): ReturnType<typeof text> | ReturnType<typeof inputRequired> => {
    const answer = accepted(context.mcpReq.inputResponses, 'user_name')
    if (typeof answer?.['name'] !== 'string') return inputRequired({ inputRequests: { user_name: NAME } })
    return text(`Hello, ${answer['name']}!`)
  }
  server.registerTool('test_input_required_result_elicitation', { description: 'Asks for a name' }, elicit)
  server.registerTool('test_streaming_elicitation', { description: 'Asks for a name' }, elicit)
  server.registerTool('test_input_required_result_sampling', { description: 'Asks the model' }, (context) => {
    const answer = inputResponse(context.mcpReq.inputResponses, 'capital_question')
    if (answer.kind === 'sampling') return text(JSON.stringify(answer.result.content))
    return inputRequired({
      inputRequests: { capital_question: sample('What is the capital of France?', 100) },
    })
  })
  // Asked of a client that has not said that it samples, the SDK answers -32021 itself.
  server.registerTool('test_missing_capability', { description: 'Needs a client that samples' }, () =>
    inputRequired({ inputRequests: { sample: sample('Say hello', 50) } }),
  )
  server.registerTool(
    'test_input_required_result_list_roots',
    { description: 'Asks for roots' },
    (context) => {
      const answer = inputResponse(context.mcpReq.inputResponses, 'client_roots')
      if (answer.kind === 'roots') return text(answer.roots.map((root) => root.uri).join(', '))
      return inputRequired({ inputRequests: { client_roots: inputRequired.listRoots() } })
    },
  )
}

function registerStateful(server: McpServer, state: RequestStateCodec): void {
  for (const name of [
    'test_input_required_result_request_state',
    'test_input_required_result_tampered_state',
  ]) {
    server.registerTool(name, { description: 'Keeps its state with the client' }, async (context) => {
      const known = context.mcpReq.requestState<{ step: string }>()
      if (known?.step === 'confirm' && accepted(context.mcpReq.inputResponses, 'confirm') !== undefined) {
        return text('state-ok')
      }
      const requestState = await state.mint({ step: 'confirm' }, context)
      return inputRequired({ inputRequests: { confirm: CONFIRM }, requestState })
    })
  }
  server.registerTool(
    'test_input_required_result_multi_round',
    { description: 'Asks twice' },
    async (context) => {
      const known = context.mcpReq.requestState<{ step: number; name?: string }>()
      const { inputResponses } = context.mcpReq
      if (known?.step === 2 && accepted(inputResponses, 'step2') !== undefined) {
        return text(`${known.name ?? ''} likes ${String(accepted(inputResponses, 'step2')?.['color'])}`)
      }
      const first = accepted(inputResponses, 'step1')
      if (known?.step === 1 && first !== undefined) {
        const requestState = await state.mint({ step: 2, name: String(first['name']) }, context)
        const step2 = field('color', 'string', 'Step 2: What is your favorite color?')
        return inputRequired({ inputRequests: { step2 }, requestState })
      }
      const requestState = await state.mint({ step: 1 }, context)
      return inputRequired({
        inputRequests: { step1: field('name', 'string', 'Step 1: What is your name?') },
        requestState,
      })
    },
  )
}

function registerManyInputs(server: McpServer, state: RequestStateCodec): void {
  const name = 'test_input_required_result_multiple_inputs'
  server.registerTool(name, { description: 'Asks for three things' }, async (context) => {
    const { inputResponses } = context.mcpReq
    const wanted = {
      user_name: NAME,
      greeting: sample('Generate a greeting', 50),
      client_roots: inputRequired.listRoots(),
    }
    const all = Object.keys(wanted).every((key) => inputResponse(inputResponses, key).kind !== 'missing')
    if (all) return text('got everything')
    return inputRequired({ inputRequests: wanted, requestState: await state.mint({ asked: true }, context) })
  })
}

function accepted(responses: Responses, key: string): Record<string, unknown> | undefined {
  const answer = inputResponse(responses, key)
  return answer.kind === 'elicit' && answer.action === 'accept' ? answer.content : undefined
}

function capabilities(context: ServerContext): { sampling?: unknown; elicitation?: unknown } {
  const envelope: { readonly [key: string]: unknown } = context.mcpReq.envelope ?? {}
  return envelope[CLIENT_CAPABILITIES_META_KEY] ?? {}
}

/** A form with one field. */
export function question(
  name: string,
  message: string,
  type: 'string' | 'boolean' = 'string',
): {
  mode: 'form'
  message: string
  requestedSchema: {
    type: 'object'
    properties: Record<string, { type: 'string' } | { type: 'boolean' }>
    required: string[]
  }
} {
  return {
    mode: 'form',
    message,
    requestedSchema: {
      type: 'object',
      properties: { [name]: type === 'string' ? { type } : { type } },
      required: [name],
    },
  }
}

function field(
  name: string,
  type: 'string' | 'boolean',
  message: string,
): ReturnType<typeof inputRequired.elicit> {
  return inputRequired.elicit(question(name, message, type))
}

function sample(question: string, maxTokens: number): ReturnType<typeof inputRequired.createMessage> {
  return inputRequired.createMessage({
    messages: [{ role: 'user', content: { type: 'text', text: question } }],
    maxTokens,
  })
}
