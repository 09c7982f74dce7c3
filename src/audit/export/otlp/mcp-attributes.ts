import type { RecordEnvelope, RecordPayload } from '../../../core/record.ts'
import type { CallKind } from '../../../core/tool-call.ts'
import type { Attributes } from './otlp-attributes.ts'

/** `mcp.method.name` of what a client may ask for. */
const METHODS: Readonly<Record<CallKind, string>> = {
  tool: 'tools/call',
  prompt: 'prompts/get',
  resource: 'resources/read',
  completion: 'completion/complete',
  elicitation: 'elicitation/create',
  sampling: 'sampling/createMessage',
  roots: 'roots/list',
}

/**
 * Names of the GenAI and MCP semantic conventions (open-telemetry/semantic-conventions-genai, status Development in
 * November 2026): this is the only place that knows them. https://github.com/open-telemetry/semantic-conventions-genai
 */
export function mcpAttributes({ call, correlation, identity }: RecordEnvelope): Attributes {
  if (call === undefined) return []
  const tool = call.kind === 'tool'
  return [
    ['mcp.method.name', METHODS[call.kind]],
    ['gen_ai.operation.name', tool ? 'execute_tool' : undefined],
    ['gen_ai.tool.name', tool ? call.tool : undefined],
    ['gen_ai.tool.type', tool ? 'extension' : undefined],
    ['gen_ai.tool.call.id', tool ? correlation?.toolUse : undefined],
    ['gen_ai.prompt.name', call.kind === 'prompt' ? call.tool : undefined],
    ['gen_ai.agent.id', identity?.agent.id],
    ['mcp.session.id', correlation?.session],
    ['jsonrpc.request.id', correlation?.requestId],
  ]
}

/** Opt-in there and here. */
export function contentAttributes(payload: RecordPayload | undefined): Attributes {
  return [
    ['gen_ai.tool.call.arguments', asJson(payload?.arguments)],
    ['gen_ai.tool.call.result', asJson(payload?.result)],
  ]
}

/** Low in cardinality: the URI of a resource is not in it. */
export function spanName({ call }: RecordEnvelope): string {
  if (call === undefined) return 'call'
  const method = METHODS[call.kind]
  return call.kind === 'tool' || call.kind === 'prompt' ? `${method} ${call.tool}` : method
}

function asJson(value: unknown): string | undefined {
  return value === undefined ? undefined : JSON.stringify(value)
}
