import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../core/json.ts'
import { ADAPTERS } from '../adapters.ts'
import type { AgentAdapter } from '../agent-adapter.ts'
import type { AfterEvent, BeforeEvent, HookEvent, StartEvent } from '../hook-event.ts'

/** Payloads as the programs sent them on 2026-11-27, paths and ids shortened; Cursor's as its documentation has them. */
const gemini = {
  session_id: '7a6ae2a2',
  transcript_path: '/home/u/.gemini/tmp/p/chats/session.jsonl',
  cwd: '/w',
  timestamp: '2026-11-27T12:22:25.805Z',
}
const copilot = { sessionId: '5c2f8918', timestamp: 1795782150713, cwd: '/w' }
const opencode = { sessionID: 'ses_1', callID: 'call_1', directory: '/w' }
const cursor = {
  conversation_id: 'c-1',
  generation_id: 'g-1',
  workspace_roots: ['/w'],
  model: 'm',
  cursor_version: '2.5',
}

function adapterOf(agent: string): AgentAdapter {
  const adapter = ADAPTERS.get(agent)
  if (adapter === undefined) throw new Error(`no adapter for ${agent}`)
  return adapter
}

function eventOf<Moment extends HookEvent['moment']>(
  agent: string,
  payload: JsonObject,
  moment: Moment,
): Extract<HookEvent, { readonly moment: Moment }> {
  const event = adapterOf(agent).read(payload)
  if (event.moment !== moment) throw new Error(`read as ${event.moment}`)
  return event as Extract<HookEvent, { readonly moment: Moment }>
}

describe('R-AGT-1: what each agent is about to do', () => {
  test.each<[string, string, JsonObject, Partial<BeforeEvent>]>([
    [
      'gemini-cli',
      '0.61.0, a command',
      {
        ...gemini,
        hook_event_name: 'BeforeTool',
        tool_name: 'run_shell_command',
        tool_input: { command: 'ls' },
      },
      {
        session: '7a6ae2a2',
        folder: '/w',
        tool: { name: 'run_shell_command', arguments: { command: 'ls' } },
      },
    ],
    [
      'gemini-cli',
      '0.61.0, an MCP tool',
      {
        ...gemini,
        hook_event_name: 'BeforeTool',
        tool_name: 'mcp_gw_files_read',
        tool_input: {},
        mcp_context: { server_name: 'gw', tool_name: 'files_read', command: 'node', args: [] },
      },
      { tool: { name: 'files_read', server: 'gw', arguments: {} } },
    ],
    [
      'gemini-cli',
      'an MCP tool of which nothing else is told',
      { ...gemini, hook_event_name: 'BeforeTool', tool_name: 'mcp_gw_files_read', tool_input: {} },
      { tool: { name: 'files_read', server: 'gw', arguments: {} } },
    ],
    [
      'copilot-cli',
      '1.0.102, a command',
      { ...copilot, toolName: 'bash', toolArgs: { command: 'ls', description: 'x' } },
      {
        session: '5c2f8918',
        folder: '/w',
        tool: { name: 'bash', arguments: { command: 'ls', description: 'x' } },
      },
    ],
    [
      'copilot-cli',
      '1.0.102, an MCP tool of a sub-agent',
      {
        ...copilot,
        toolName: 'gw-echo',
        toolArgs: { message: 'm' },
        agentId: 'e9b4bd7e',
        agentType: 'general-purpose',
        parentAgentId: '5c2f8918',
      },
      { subAgent: 'e9b4bd7e', tool: { name: 'echo', server: 'gw', arguments: { message: 'm' } } },
    ],
    [
      'copilot-cli',
      'arguments as the text of JSON (the cloud agent)',
      { ...copilot, toolName: 'bash', toolArgs: '{"command":"ls"}' },
      { tool: { name: 'bash', arguments: { command: 'ls' } } },
    ],
    [
      'copilot-cli',
      'a patch as text',
      { ...copilot, toolName: 'apply_patch', toolArgs: '*** Begin Patch' },
      { tool: { name: 'apply_patch', arguments: { input: '*** Begin Patch' } } },
    ],
    [
      'opencode',
      '1.18.33, a command of a sub-agent',
      { ...opencode, event: 'before', subAgent: 'ses_2', tool: 'bash', args: { command: 'ls' } },
      {
        session: 'ses_1',
        subAgent: 'ses_2',
        folder: '/w',
        tool: { name: 'bash', use: 'call_1', arguments: { command: 'ls' } },
      },
    ],
    [
      'opencode',
      '1.18.33, an MCP tool',
      { ...opencode, event: 'before', server: 'gw', tool: 'echo', args: {} },
      { tool: { name: 'echo', server: 'gw', use: 'call_1', arguments: {} } },
    ],
    [
      'cursor',
      'a command',
      {
        ...cursor,
        hook_event_name: 'preToolUse',
        tool_name: 'Shell',
        tool_input: '{"command":"ls"}',
        tool_use_id: 'u',
      },
      { session: 'c-1', folder: '/w', tool: { name: 'Shell', use: 'u', arguments: { command: 'ls' } } },
    ],
    [
      'cursor',
      'a command, at its own event',
      { ...cursor, hook_event_name: 'beforeShellExecution', command: 'ls', cwd: '/w/src' },
      { folder: '/w/src', tool: { name: 'Shell', arguments: { command: 'ls' } } },
    ],
    [
      'cursor',
      'a file that is read',
      { ...cursor, hook_event_name: 'beforeReadFile', file_path: '/w/a', content: 'x' },
      { tool: { name: 'Read', arguments: { file_path: '/w/a' } } },
    ],
    [
      'cursor',
      'an MCP tool',
      {
        ...cursor,
        hook_event_name: 'beforeMCPExecution',
        mcp_server_name: 'gw',
        tool_name: 'echo',
        tool_input: {},
      },
      { tool: { name: 'echo', server: 'gw', arguments: {} } },
    ],
    [
      'cursor',
      'an MCP tool of a server without a name',
      { ...cursor, hook_event_name: 'preToolUse', tool_name: 'MCP:echo', tool_input: {} },
      { tool: { name: 'echo', server: 'unnamed', arguments: {} } },
    ],
  ])('%s %s', (agent, _, payload, event) => {
    expect(eventOf(agent, payload, 'before')).toMatchObject(event)
    const { server } = eventOf(agent, payload, 'before').tool
    expect(server).toBe(event.tool?.server)
  })
})

describe('R-AGT-1: what each agent has done', () => {
  test.each<[string, string, JsonObject, Partial<AfterEvent>]>([
    [
      'gemini-cli',
      '0.61.0',
      {
        ...gemini,
        hook_event_name: 'AfterTool',
        tool_name: 'read_file',
        tool_input: { file_path: '/w/a' },
        tool_response: { llmContent: 'hello\n', returnDisplay: '' },
      },
      { result: { llmContent: 'hello\n', returnDisplay: '' } },
    ],
    [
      'gemini-cli',
      '0.61.0, which failed',
      {
        ...gemini,
        hook_event_name: 'AfterTool',
        tool_name: 'read_file',
        tool_input: { file_path: '/w/a' },
        tool_response: {
          llmContent: 'Could not read file',
          error: { message: 'File not found: /w/a', type: 'file_not_found' },
        },
      },
      { failure: 'File not found: /w/a' },
    ],
    [
      'copilot-cli',
      '1.0.102',
      {
        ...copilot,
        toolName: 'view',
        toolArgs: { path: '/w/a' },
        toolResult: { resultType: 'success', textResultForLlm: 'hello\n' },
      },
      { result: { resultType: 'success', textResultForLlm: 'hello\n' } },
    ],
    [
      'copilot-cli',
      '1.0.102, which failed',
      { ...copilot, toolName: 'view', toolArgs: { path: '/w/a' }, error: 'Path does not exist' },
      { failure: 'Path does not exist' },
    ],
    [
      'opencode',
      '1.18.33',
      {
        ...opencode,
        event: 'after',
        tool: 'bash',
        args: { command: 'ls' },
        result: { title: 'ls', metadata: { output: 'a\n', exit: 0 }, output: 'a\n' },
      },
      { result: { title: 'ls', metadata: { output: 'a\n', exit: 0 }, output: 'a\n' } },
    ],
    [
      'cursor',
      'which failed',
      {
        ...cursor,
        hook_event_name: 'postToolUseFailure',
        tool_name: 'Shell',
        tool_input: { command: 'ls' },
        error_message: 'no',
      },
      { failure: 'no' },
    ],
  ])('%s %s', (agent, _, payload, event) => {
    expect(eventOf(agent, payload, 'after')).toMatchObject(event)
  })
})

describe('R-AGT-1: a session that begins', () => {
  test.each<[string, JsonObject, Partial<StartEvent>]>([
    ['claude-code', { session_id: 's', cwd: '/w', hook_event_name: 'SessionStart', source: 'startup' }, {}],
    ['codex', { session_id: 's', cwd: '/w', hook_event_name: 'SessionStart', source: 'startup' }, {}],
    ['gemini-cli', { ...gemini, session_id: 's', hook_event_name: 'SessionStart', source: 'startup' }, {}],
    ['copilot-cli', { ...copilot, sessionId: 's', source: 'new', initialPrompt: 'go' }, {}],
    ['cursor', { ...cursor, conversation_id: 's', hook_event_name: 'sessionStart' }, { version: '2.5' }],
  ])('of %s', (agent, payload, told) => {
    expect(eventOf(agent, payload, 'start')).toEqual({ moment: 'start', session: 's', folder: '/w', ...told })
  })

  test('of opencode is that its plugin was loaded, which belongs to no session', () => {
    const event = eventOf('opencode', { event: 'start', directory: '/w' }, 'start')
    expect(event).toEqual({ moment: 'start', folder: '/w' })
  })
})

describe('R-AGT-1: how each agent is told', () => {
  const tool = { name: 't', arguments: {} }
  const before = { moment: 'before', tool } as const
  const after = { moment: 'after', tool } as const

  test.each<[string, JsonObject | undefined, JsonObject]>([
    [
      'claude-code',
      { hookSpecificOutput: { hookEventName: 'PreToolUse', permissionDecision: 'allow' } },
      {
        hookSpecificOutput: {
          hookEventName: 'PreToolUse',
          permissionDecision: 'deny',
          permissionDecisionReason: 'why',
        },
      },
    ],
    [
      'codex',
      undefined,
      {
        hookSpecificOutput: {
          hookEventName: 'PreToolUse',
          permissionDecision: 'deny',
          permissionDecisionReason: 'why',
        },
      },
    ],
    ['gemini-cli', undefined, { decision: 'deny', reason: 'why' }],
    ['copilot-cli', undefined, { permissionDecision: 'deny', permissionDecisionReason: 'why' }],
    ['opencode', undefined, { deny: 'why' }],
    ['cline', undefined, { cancel: true, errorMessage: 'remit: why' }],
    ['devin', undefined, { decision: 'block', reason: 'why' }],
    ['kiro', undefined, { decision: 'block', reason: 'why' }],
    ['windsurf', undefined, { decision: 'deny', message: 'why' }],
    [
      'vscode',
      undefined,
      {
        permissionDecision: 'deny',
        permissionDecisionReason: 'why',
        hookSpecificOutput: {
          hookEventName: 'PreToolUse',
          permissionDecision: 'deny',
          permissionDecisionReason: 'why',
        },
      },
    ],
    ['cursor', { permission: 'allow' }, { permission: 'deny', user_message: 'why', agent_message: 'why' }],
  ])('%s: a yes and a no', (agent, yes, no) => {
    expect(adapterOf(agent).allow(before)).toEqual(yes)
    expect(adapterOf(agent).deny(before, 'why')).toEqual(no)
  })

  test.each(['cursor', 'devin', 'kiro', 'windsurf'])('%s keeps the results of its tools', (agent) => {
    expect(adapterOf(agent).replace(after, { value: 'x' })).toBeUndefined()
  })

  test.each<[string, JsonObject, JsonObject]>([
    ['cline', { value: 'not shown' }, { cancel: true, errorMessage: 'remit: not shown' }],
    [
      'cline',
      { result: '[redacted]' },
      { cancel: true, errorMessage: expect.stringMatching(/holds a secret/) },
    ],
    [
      'vscode',
      { value: 'not shown' },
      {
        modifiedResult: { resultType: 'success', textResultForLlm: 'not shown' },
        decision: 'block',
        reason: 'not shown',
      },
    ],
    ['gemini-cli', { llmContent: 'a [x]', returnDisplay: 'b' }, { decision: 'deny', reason: 'a [x]' }],
    ['gemini-cli', { llmContent: [{ text: 'a' }] }, { decision: 'deny', reason: '[{"text":"a"}]' }],
    ['gemini-cli', { value: 'not shown' }, { decision: 'deny', reason: 'not shown' }],
    [
      'copilot-cli',
      { resultType: 'success', textResultForLlm: '[x]' },
      { modifiedResult: { resultType: 'success', textResultForLlm: '[x]' } },
    ],
    [
      'copilot-cli',
      { value: 'not shown' },
      { modifiedResult: { resultType: 'success', textResultForLlm: 'not shown' } },
    ],
    ['opencode', { output: '[x]' }, { result: { output: '[x]' } }],
    ['codex', { value: 'a' }, { decision: 'block', reason: 'a' }],
  ])('%s: another result', (agent, result, told) => {
    expect(adapterOf(agent).replace(after, result)).toEqual(told)
  })
})

describe('R-AGT-1: what is not understood is no event', () => {
  test.each([...ADAPTERS.keys()])('%s', (agent) => {
    const named: JsonObject[] = [
      {},
      { hook_event_name: 7 },
      { hook_event_name: 'PreToolUse' },
      { hook_event_name: 'PreToolUse', tool_name: 'Bash' },
      { hook_event_name: 'BeforeTool', tool_name: 'x', tool_input: 'text' },
      { hook_event_name: 'preToolUse', tool_name: 'Shell', tool_input: 'text' },
      { toolName: 'bash' },
      { event: 'before', tool: 'bash', args: {} },
    ]
    const adapter = adapterOf(agent)
    const understood = named.filter((payload) => {
      try {
        return adapter.read(payload).moment !== 'other'
      } catch {
        return false
      }
    })
    expect(understood).toEqual([])
    expect(() => adapter.read({})).toThrow(/must have/)
  })
})
