import { expect, test } from 'vitest'
import { NOTIFICATIONS, REQUESTS, rowOf } from './message-table.ts'
import { SERVER_NOTIFICATIONS, SERVER_REQUESTS } from './server-message-table.ts'

test('R-MCP-3: the table of requests is what was reviewed: method, treatment, eras', () => {
  const table = Object.entries(REQUESTS).map(([method, row]) => `${row.does} ${method} ${row.eras.join('+')}`)
  expect(table).toEqual([
    'terminate initialize legacy',
    'terminate ping legacy',
    'terminate logging/setLevel legacy',
    'terminate server/discover modern',
    'list tools/list modern+legacy',
    'list prompts/list modern+legacy',
    'list resources/list modern+legacy',
    'list resources/templates/list modern+legacy',
    'list skills/list modern+legacy',
    'decide tools/call modern+legacy',
    'decide prompts/get modern+legacy',
    'decide resources/read modern+legacy',
    'decide completion/complete modern+legacy',
    'decide skills/get modern+legacy',
    'decide resources/directory/read modern+legacy',
    'subscribe resources/subscribe legacy',
    'subscribe resources/unsubscribe legacy',
    'subscribe subscriptions/listen modern',
    'follow tasks/get modern+legacy',
    'follow tasks/update modern',
    'follow tasks/cancel modern+legacy',
    'follow tasks/result legacy',
    'follow tasks/list legacy',
  ])
})

test('R-MCP-3: what is not in the table does not exist, whatever JavaScript inherits', () => {
  for (const method of ['vendor/x', 'constructor', '__proto__', 'toString', '']) {
    expect(rowOf(method, 'modern')).toBeUndefined()
    expect(rowOf(method, 'legacy')).toBeUndefined()
  }
})

test('R-MCP-3: whatever a server asks is decided, and no client method is taken from a server', () => {
  expect(SERVER_REQUESTS).toEqual({
    ping: 'terminate',
    'elicitation/create': 'elicitation',
    'sampling/createMessage': 'sampling',
    'roots/list': 'roots',
  })
  expect(Object.keys(SERVER_NOTIFICATIONS).filter((method) => method in NOTIFICATIONS)).toEqual([
    'notifications/progress',
    'notifications/cancelled',
  ])
  expect(Object.keys(NOTIFICATIONS)).not.toContain('notifications/message')
})
