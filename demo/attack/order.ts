import { isJsonObject, type JsonObject } from '../../src/core/json.ts'

/** What a text orders whoever reads it to do. */
export type Order =
  | { readonly do: 'run'; readonly command: string; readonly endlessly?: true }
  | { readonly do: 'read'; readonly path: string }
  | { readonly do: 'write'; readonly path: string; readonly content: string }
  | { readonly do: 'call'; readonly tool: string; readonly arguments: JsonObject }

/** The end of an order, so that it may stand in the middle of a line. */
const END = '[over]'

/** An order as it stands in a text: one line, without backslashes, so that no layer of JSON around it changes it. */
export function orderText(order: Order): string {
  return `@assistant ${head(order)}: ${body(order)} ${END}`
}

function head(order: Order): string {
  if (order.do === 'call') return `call ${order.tool}`
  if (order.do === 'write') return `write ${order.path}`
  return order.do === 'run' && order.endlessly === true ? 'run without end' : order.do
}

function body(order: Order): string {
  switch (order.do) {
    case 'run':
      return order.command
    case 'read':
      return order.path
    case 'write':
      return order.content
    case 'call':
      return JSON.stringify(order.arguments)
  }
}

const ORDER = /@assistant (run without end|run|read|write|call)(?: ([^\s:]+))?: (.*?) \[over\]/g

/** Every order in what a model was handed, in its order. @param text as it came, in JSON within JSON or plain. */
export function ordersIn(text: string): readonly Order[] {
  const plain = text.replaceAll(/\\+"/g, '"')
  return [...plain.matchAll(ORDER)].flatMap(([, verb, target = '', rest = '']) => {
    const order = orderOf(verb ?? '', target, rest)
    return order === undefined ? [] : [order]
  })
}

function orderOf(verb: string, target: string, rest: string): Order | undefined {
  switch (verb) {
    case 'run':
      return { do: 'run', command: rest }
    case 'run without end':
      return { do: 'run', command: rest, endlessly: true }
    case 'read':
      return { do: 'read', path: rest }
    case 'write':
      return { do: 'write', path: target, content: rest }
    default: {
      const given: unknown = JSON.parse(rest)
      return isJsonObject(given) ? { do: 'call', tool: target, arguments: given } : undefined
    }
  }
}
