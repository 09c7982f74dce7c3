/**
 * Every message that a server may send to a client, and what the gateway does with it. What is not here is
 * refused (a request) or dropped (a notification).
 */
export const SERVER_MESSAGES = {
  // Requests: sent by themselves in the initialize era, inside `input_required` since 2026-07-28.
  ping: 'terminate',
  'roots/list': 'terminate',
  'sampling/createMessage': 'refuse',
  'elicitation/create': 'relay',
  // Notifications of one request.
  'notifications/progress': 'relay',
  'notifications/message': 'relay',
  // Notifications of a session or subscription: re-filtered for each stream.
  'notifications/tools/list_changed': 'relay',
  'notifications/prompts/list_changed': 'relay',
  'notifications/resources/list_changed': 'relay',
  'notifications/resources/updated': 'relay',
  // Ends between server and gateway.
  'notifications/cancelled': 'terminate',
  'notifications/elicitation/complete': 'drop',
  'notifications/tasks/status': 'drop',
  'notifications/tasks': 'drop',
} as const satisfies Record<string, 'terminate' | 'relay' | 'refuse' | 'drop'>

export function isServerMessage(method: string): method is keyof typeof SERVER_MESSAGES {
  return Object.hasOwn(SERVER_MESSAGES, method)
}
