import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { ServerKey } from '../../src/core/ids.ts'
import type { SubAgents } from '../../src/gate/sub-agents/sub-agents.ts'
import { connectClient } from '../support/mcp-client.ts'
import {
  askAs,
  callAs,
  decisionIn,
  OF_CODEX,
  ofClaude,
  ofCodex,
  startRuntimeDoor,
} from '../support/runtime-door.ts'
import { startSampleServer, type SampleServer } from '../support/sample-server.ts'
import { httpUpstream, raw, type TestDoor } from '../support/test-door.ts'

let sample: SampleServer
let door: TestDoor
let listing: TestDoor
beforeAll(async () => {
  sample = await startSampleServer()
  const demo = 'demo' as ServerKey
  const tools = new Map([['say', { server: demo, name: 'echo' }]])
  door = await startRuntimeDoor({
    upstreams: [httpUpstream(demo, sample.url)],
    virtualServers: new Map([['team', { tools, prompts: new Map(), resources: [] }]]),
    hold: 60_000,
  })
  listing = await startRuntimeDoor({ upstreams: [httpUpstream('demo', sample.url)], listed: true })
})
afterAll(async () => {
  await door.close()
  await listing.close()
  await sample.close()
})

const prompt = (tool: string, use: string): { tool_name: string; input: object; tool_use_id: string } => ({
  tool_name: tool,
  input: { command: 'ls' },
  tool_use_id: use,
})

describe('R-AGT-1: the gateway’s own tool, asked by the runtime of an agent', () => {
  test('Claude Code: what is allowed is allowed in its words, and decided as at the hook door', async () => {
    const answer = await askAs(door, ofClaude('Bash', 'toolu_1'))
    expect(decisionIn(answer)).toEqual({ hookEventName: 'PreToolUse', permissionDecision: 'allow' })
    expect(door.gate.calls.at(-1)).toMatchObject({
      door: 'hook',
      server: 'claude-code',
      tool: 'Bash',
      root: '/w',
      arguments: { command: 'touch made1; echo hi', description: 'd' },
      correlation: { toolUse: 'toolu_1', client: 'claude-code' },
    })
  })

  test('Codex: what is allowed is left to its own rules', async () => {
    expect(await askAs(door, ofCodex('Bash', 'call_1'), OF_CODEX)).toEqual({})
    expect(door.gate.calls.at(-1)).toMatchObject({
      server: 'codex',
      arguments: { command: 'touch made1; echo hi' },
    })
  })

  test.each([
    ['Claude Code', ofClaude('Read_secret', 'toolu_2'), {}],
    ['Codex', ofCodex('Read_secret', 'call_2'), OF_CODEX],
  ])('%s: what is denied is denied, with the reason', async (_, asked, as) => {
    expect(decisionIn(await askAs(door, asked, as))).toEqual({
      hookEventName: 'PreToolUse',
      permissionDecision: 'deny',
      permissionDecisionReason: 'secrets are not for agents; ask a human',
    })
  })

  test('consent is waited for, and the one who agreed let it run', async () => {
    const asked = askAs(door, ofClaude('Bash_guarded', 'toolu_3'))
    await expect.poll(() => door.gate.approvals.size).toBe(1)
    door.gate.decide('granted')
    expect(decisionIn(await asked)['permissionDecision']).toBe('allow')
  })

  test('an end is recorded as reported, and what a secret was taken out of replaces the result', async () => {
    await askAs(door, ofClaude('Bash', 'toolu_4'))
    vi.spyOn(door.gate, 'inspect').mockResolvedValueOnce({ stdout: '[redacted]', stderr: '' })
    const told = await askAs(
      door,
      ofClaude('Bash', 'toolu_4', {
        hook_event_name: 'PostToolUse',
        tool_response: '{"stdout":"hush","stderr":""}',
      }),
    )
    expect(decisionIn(told)['updatedToolOutput']).toEqual({ stdout: '[redacted]', stderr: '' })
    expect(door.gate.outcomes.at(-1)?.outcome).toMatchObject({ status: 'ok', reported: true })
  })

  test('a failure is an end, too', async () => {
    await askAs(door, ofClaude('Bash', 'toolu_5'))
    const failed = ofClaude('Bash', 'toolu_5', {
      hook_event_name: 'PostToolUseFailure',
      error: 'Exit code 1',
    })
    expect(await askAs(door, failed)).toEqual({})
    expect(door.gate.outcomes.at(-1)?.outcome).toMatchObject({ status: 'error', reported: true })
  })

  test('what is called at the MCP door anyway is not decided here', async () => {
    const before = door.gate.calls.length
    const over = { mcp_server: '{"name":"remit","source":"dynamic"}' }
    const answer = await askAs(door, ofClaude('mcp__remit__demo__echo', 'toolu_6', over))
    expect(decisionIn(answer)['permissionDecision']).toBe('allow')
    expect(door.gate.calls.length).toBe(before)
  })

  test('Claude Code’s permission prompt is answered in its own form, its end by the hook', async () => {
    const marked = { meta: { 'claudecode/toolUseId': 'toolu_7' } }
    expect(await askAs(door, prompt('Bash', 'toolu_7') as never, marked)).toEqual({
      behavior: 'allow',
      updatedInput: { command: 'ls' },
    })
    await askAs(door, ofClaude('Bash', 'toolu_7', { hook_event_name: 'PostToolUse', tool_response: '{}' }))
    expect(door.gate.outcomes.at(-1)?.outcome).toMatchObject({ status: 'ok', reported: true })
    expect(await askAs(door, prompt('Read_secret', 'toolu_8') as never)).toEqual({
      behavior: 'deny',
      message: 'secrets are not for agents; ask a human',
    })
  })

  test('what ran under the gateway’s name and did not come to it is told, and its secrets are kept back', async () => {
    const ran: string[] = []
    const presence = {
      heard: () => undefined,
      ranUnasked: () => ran.push('unasked'),
      cameHere: (_: unknown, use?: string) => use === 'toolu_here',
    }
    const own = await startRuntimeDoor({ presence })
    const end = (use: string) => {
      const told = { hook_event_name: 'PostToolUse', tool_response: '{}', mcp_server: '{"name":"remit"}' }
      return ofClaude('mcp__remit__demo__echo', use, told)
    }
    await askAs(own, end('toolu_here'))
    expect(ran).toEqual([])
    await askAs(own, end('toolu_elsewhere'))
    expect(ran).toEqual(['unasked'])
    await own.close()
  })

  test('Claude Code’s sub-agents are told apart, as at the hook door', async () => {
    const told: unknown[] = []
    const callerOf: SubAgents['callerOf'] = (connection, subAgent) => {
      told.push(subAgent)
      return Promise.resolve(connection)
    }
    const own = await startRuntimeDoor({ subAgents: { callerOf } })
    const sub = { agent_id: 'a1', agent_type: 'Explore' }
    const begun = { ...ofClaude('', '', sub), hook_event_name: 'SubagentStart', tool_input: '' }
    expect(await askAs(own, begun)).toEqual({})
    await askAs(own, ofClaude('Bash', 'toolu_1', sub))
    await askAs(own, ofClaude('Bash', 'toolu_2'))
    await own.close()
    const claude = { runtime: 'claude-code', id: 'a1', type: 'Explore' }
    expect(told).toEqual([claude, claude])
  })

  test.each(['/mcp', '/mcp/demo', '/mcp/team'])('%s: it is asked there, and not listed', async (path) => {
    const answer = await askAs(door, ofClaude('Bash', `toolu_at_${path}`), { path })
    expect(decisionIn(answer)['permissionDecision']).toBe('allow')
    const client = await connectClient(`${door.url}${path}`, 'task-a', 'legacy')
    const { tools } = await client.listTools()
    await client.close()
    expect(tools.length).toBeGreaterThan(0)
    expect(tools.map(({ name }) => name)).not.toContain('remit_authorize')
  })

  test('where it is listed, Claude Code alone sees it', async () => {
    const list = async (name: string): Promise<readonly string[]> => {
      const meta = {
        'io.modelcontextprotocol/protocolVersion': '2026-07-28',
        'io.modelcontextprotocol/clientCapabilities': {},
        'io.modelcontextprotocol/clientInfo': { name, version: '1' },
      }
      const { text } = await raw(listing, {
        headers: {
          'content-type': 'application/json',
          authorization: 'Bearer task-a',
          'mcp-protocol-version': '2026-07-28',
          'mcp-method': 'tools/list',
        },
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: { _meta: meta } }),
      })
      const { result } = JSON.parse(text) as { result: { tools: readonly { name: string }[] } }
      return result.tools.map((tool) => tool.name)
    }
    expect(await list('claude-code')).toEqual(['remit_authorize', ...(await list('codex-mcp-client'))])
    expect(await list('gemini-cli')).not.toContain('remit_authorize')
  })
})

describe('R-AGT-1: what is no question is a no, and never an error', () => {
  test.each([
    ['nothing at all', {}],
    ['an agent that nobody knows', ofClaude('Bash', 'toolu_x', { agent: 'nobody' })],
    ['no event', ofClaude('Bash', 'toolu_x', { hook_event_name: '' })],
    ['no tool', ofClaude('', 'toolu_x')],
    ['input that is cut off', ofClaude('Bash', 'toolu_x', { tool_input: '{"command":"l' })],
    ['input that is no object', ofClaude('Bash', 'toolu_x', { tool_input: 'ls' })],
    ['an event about a tool that the agent has not', ofClaude('Bash', 'toolu_x', { hook_event_name: 'Z' })],
  ])('%s', async (_, asked) => {
    const before = door.gate.unrouted.length
    expect(decisionIn(await askAs(door, asked))['permissionDecision']).toBe('deny')
    expect(door.gate.unrouted.length).toBe(before + 1)
  })

  test('a gate that fails, or cannot record, is a no', async () => {
    const failing = vi.spyOn(door.gate, 'authorize').mockRejectedValue(new Error('out of memory'))
    const answers = [
      await askAs(door, ofClaude('Bash', 'toolu_9')),
      await askAs(door, ofCodex('Bash', 'call_9'), OF_CODEX),
    ]
    failing.mockRestore()
    expect(answers.map((answer) => decisionIn(answer)['permissionDecision'])).toEqual(['deny', 'deny'])
  })

  test('Codex, which goes on after an error: with a token that is no good, and after the session was forgotten', async () => {
    const params = {
      name: 'remit_authorize',
      arguments: ofCodex('Bash', 'call_10'),
      _meta: { threadId: 't' },
    }
    const post = (token: string): ReturnType<typeof raw> =>
      raw(door, {
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${token}`,
          'mcp-session-id': 'forgotten',
        },
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params }),
      })
    const refused = await post('nobody')
    expect(refused.status).toBe(200)
    expect(refused.text).toContain(String.raw`\"permissionDecision\":\"deny\"`)
    const answered = await post('task-a')
    expect(JSON.parse(answered.text)).toMatchObject({ result: { content: [{ text: '{}' }] } })
  })

  test('Claude Code hears of a token that is no good, and so logs in anew: `onFailure` closes its hook', async () => {
    expect(await callAs(door, ofClaude('Bash', 'toolu_11'), { token: 'nobody' })).toMatchObject({
      error: { message: 'the token is not valid' },
    })
  })
})
