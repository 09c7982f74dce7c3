/**
 * Every request that a server may send to a client: by itself in the initialize era, inside `input_required` since
 * 2026-07-28. `terminate`: answered by the gateway itself · the others are decided by the gate as a call of that kind,
 * then answered from configuration or by the client. What is not here is refused.
 */
export const SERVER_REQUESTS = {
  ping: 'terminate',
  'elicitation/create': 'elicitation',
  'sampling/createMessage': 'sampling',
  'roots/list': 'roots',
} as const satisfies Record<string, 'terminate' | 'elicitation' | 'sampling' | 'roots'>

/** Every notification of a server, and what the gateway does with it. What is not here is dropped. */
export const SERVER_NOTIFICATIONS = {
  // Of one request.
  'notifications/progress': 'relay',
  'notifications/message': 'relay',
  // Of a session or subscription: re-filtered for each stream.
  'notifications/tools/list_changed': 'relay',
  'notifications/prompts/list_changed': 'relay',
  'notifications/resources/list_changed': 'relay',
  'notifications/resources/updated': 'relay',
  // Ends between server and gateway.
  'notifications/subscriptions/acknowledged': 'terminate',
  'notifications/cancelled': 'terminate',
  'notifications/elicitation/complete': 'drop',
  'notifications/tasks/status': 'drop',
  'notifications/tasks': 'drop',
} as const satisfies Record<string, 'terminate' | 'relay' | 'drop'>

export function isServerRequest(method: string): method is keyof typeof SERVER_REQUESTS {
  return Object.hasOwn(SERVER_REQUESTS, method)
}
