import { expect, test } from 'vitest'
import { RemitError } from '../core/errors.ts'
import { LARGE } from '../core/large-json.ts'
import type { LargeMessages } from './large-messages.ts'
import type { UpstreamMessage } from './upstream-message.ts'
import { MessageReader } from './upstream-reader.ts'

const note = (name: string): Buffer => Buffer.from(JSON.stringify({ jsonrpc: '2.0', method: name }))
const large = Buffer.alloc(LARGE + 1, 0x20)

function reading(read: LargeMessages['read']): { told: string[]; reader: MessageReader } {
  const told: string[] = []
  const reader = new MessageReader(
    { read, parse: () => Promise.reject(new Error('unused')) },
    {
      awaits: (message) => message.kind === 'response' && message.id === 1,
      message: (message) => told.push(message.kind === 'notification' ? message.method : message.kind),
      unreadable: ({ error, id }) => told.push(`${error.code} of ${String(id())}`),
      pause: () => told.push('pause'),
      resume: () => told.push('resume'),
    },
  )
  return { told, reader }
}

test('R-MCP-2: what comes behind a large message is told behind it, and the stream waits meanwhile', async () => {
  const { promise, resolve } = Promise.withResolvers<UpstreamMessage>()
  const { told, reader } = reading(() => promise)
  reader.read(note('before'))
  reader.read(large)
  reader.read(note('behind'))
  reader.after(() => told.push('the end'))
  expect(told).toEqual(['before', 'pause'])
  resolve({ kind: 'notification', method: 'large', params: {} })
  await expect.poll(() => told).toEqual(['before', 'pause', 'large', 'behind', 'the end', 'resume'])
  reader.read(note('later'))
  expect(told.at(-1)).toBe('later')
})

test.each([
  ['first', '{"jsonrpc":"2.0","id":7,"result":{"id":8,"x":"', '"}}'],
  ['last', '{"result":{"id":8,"x":"', '"},"jsonrpc":"2.0","id":7}'],
])(
  'R-REL-1: of a large answer that could not be read the call is known whose id stands %s',
  async (_where, head, tail) => {
    const failed = new RemitError('result_withheld', 'the thread died')
    const { told, reader } = reading(() => Promise.reject(failed))
    reader.read(Buffer.from(head + 'x'.repeat(LARGE) + tail))
    await expect.poll(() => told).toEqual(['pause', 'result_withheld of 7', 'resume'])
  },
)

test('R-REL-1: an id inside of a result is nobody’s', async () => {
  const { told, reader } = reading(() => Promise.reject(new RemitError('result_withheld', 'died')))
  reader.read(Buffer.from(`{"result":{"x":"${'x'.repeat(LARGE)}","id":8}}`))
  await expect.poll(() => told).toEqual(['pause', 'result_withheld of undefined', 'resume'])
})

test('R-MCP-2: answers that are waited for are never put off, however many; answers to nothing are babble', () => {
  const { told, reader } = reading(() => Promise.reject(new Error('unused')))
  const answer = (id: number): Buffer => Buffer.from(JSON.stringify({ jsonrpc: '2.0', id, result: {} }))
  const [asked, unasked] = [answer(1), answer(2)]
  // 10,000 of them would take 20 seconds if they counted.
  for (let at = 0; at < 10_000; at += 1) reader.read(asked)
  expect(told).not.toContain('pause')
  for (let at = 0; at < 10_000; at += 1) reader.read(unasked)
  expect(told).toContain('pause')
})
