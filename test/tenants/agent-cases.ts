import type { JsonObject } from '../../src/core/json.ts'
import type { Era } from './ask.ts'
import type { Traces } from './fill-tenant.ts'

export interface MethodCase {
  readonly era: Era
  /** What is named; absent = nothing can be. */
  readonly names?: keyof Traces
  readonly params?: (name: string, own: Traces) => JsonObject
}

const CURSOR = { era: 'modern', names: 'cursor', params: (cursor: string) => ({ cursor }) } as const
const TASK = { era: 'modern', names: 'mcpTask', params: (taskId: string) => ({ taskId }) } as const
const URI = { era: 'legacy', names: 'uri', params: (uri: string) => ({ uri }) } as const

/** What else a task token is good for on the agent plane, by its path. */
export const TOKEN_CASES: Readonly<Record<string, JsonObject>> = {
  '/delegate': { intent: 'more' },
  '/agents/v1/report': {
    agent: 'claude-code',
    machine: { id: '0'.repeat(32), name: 'here', platform: 'linux' },
    hooks: { files: 'present' },
  },
  '/access/v1/evaluation': {
    subject: { type: 'task', id: 'self' },
    action: { name: 'data.read' },
    resource: { type: 'Record', id: 'one' },
  },
  '/access/v1/evaluations': { evaluations: [{}] },
  '/access/v1/outcomes': { decision: 'dec_0', status: 'ok' },
}

/** Cases of every method, by its name: the test fails for a method that has none. */
export const METHOD_CASES: Readonly<Record<string, readonly MethodCase[]>> = {
  initialize: [
    {
      era: 'legacy',
      params: () => ({
        protocolVersion: '2025-11-25',
        capabilities: {},
        clientInfo: { name: 'x', version: '1' },
      }),
    },
  ],
  ping: [{ era: 'legacy' }],
  'logging/setLevel': [{ era: 'legacy', params: () => ({ level: 'debug' }) }],
  'server/discover': [{ era: 'modern' }],
  'tools/list': [CURSOR],
  'prompts/list': [CURSOR],
  'resources/list': [CURSOR, { era: 'modern' }],
  'resources/templates/list': [CURSOR, { era: 'modern' }],
  'tools/call': [
    { era: 'modern', names: 'toolName', params: (name) => ({ name, arguments: { text: 'x' } }) },
    {
      era: 'modern',
      names: 'requestState',
      params: (requestState, own) => ({
        name: own.toolName,
        arguments: { text: 'x' },
        requestState,
        inputResponses: {},
      }),
    },
  ],
  'prompts/get': [
    { era: 'modern', names: 'toolName', params: (name) => ({ name: name.replace('__echo', '__greet') }) },
  ],
  'resources/read': [{ ...URI, era: 'modern' }],
  'completion/complete': [
    {
      era: 'modern',
      names: 'uri',
      params: (uri) => ({ ref: { type: 'ref/resource', uri }, argument: { name: 'at', value: '' } }),
    },
    {
      era: 'modern',
      names: 'toolName',
      params: (name) => ({ ref: { type: 'ref/prompt', name }, argument: { name: 'at', value: '' } }),
    },
  ],
  'resources/directory/read': [{ ...URI, era: 'modern' }],
  'skills/list': [CURSOR, { era: 'modern' }],
  'skills/get': [
    { era: 'modern', names: 'toolName', params: (name) => ({ name }) },
    { ...URI, era: 'modern' },
  ],
  'resources/subscribe': [URI],
  'resources/unsubscribe': [URI],
  'subscriptions/listen': [
    {
      era: 'modern',
      names: 'uri',
      params: (uri) => ({ notifications: { resourceSubscriptions: [uri] } }),
    },
  ],
  'tasks/get': [TASK, { ...TASK, era: 'legacy' }],
  'tasks/update': [
    {
      era: 'modern',
      names: 'mcpTask',
      params: (taskId) => ({ taskId, inputResponses: {} }),
    },
  ],
  'tasks/cancel': [TASK, { ...TASK, era: 'legacy' }],
  'tasks/result': [{ ...TASK, era: 'legacy' }],
  'tasks/list': [{ era: 'legacy' }, { ...CURSOR, era: 'legacy' }],
  'notifications/initialized': [{ era: 'legacy' }],
  'notifications/cancelled': [
    { era: 'modern', params: () => ({ requestId: 1 }) },
    { era: 'legacy', params: () => ({ requestId: 1 }) },
  ],
  'notifications/roots/list_changed': [{ era: 'legacy' }],
  'notifications/progress': [{ era: 'legacy', params: () => ({ progressToken: 1, progress: 1 }) }],
}
