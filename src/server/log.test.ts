import { expect, test } from 'vitest'
import { createLog } from './log.ts'

function lines(format: 'json' | 'pretty'): { log: ReturnType<typeof createLog>; written: string[] } {
  const written: string[] = []
  const log = createLog({
    level: 'info',
    format,
    colour: false,
    now: () => 0,
    write: (line: string) => written.push(line),
  })
  return { log, written }
}

test('R-SEC-1: the log never holds a credential, whatever it is handed', () => {
  for (const format of ['json', 'pretty'] as const) {
    const { log, written } = lines(format)
    log.log('info', 'event', {
      token: 'abc123',
      nested: { authorization: 'Bearer abc123', apiKey: 'abc123' },
      message: 'sent Bearer abc123 and eyJhbGciOiJFZERTQSJ9.abc123.abc123 and remit_local_abc123',
      error: new Error('Bearer abc123'),
    })
    expect(written.join('')).not.toContain('abc123')
  }
})

test('one event is one line, and foreign text cannot forge another', () => {
  for (const format of ['json', 'pretty'] as const) {
    const { log, written } = lines(format)
    log.log('warn', 'event', { text: 'a\n1970 error forged\u001B[2J', code: 'port_taken' })
    expect(written[0]?.split('\n').length).toBe(2)
    expect(written[0]).not.toContain('\u001B')
    expect(written[0]).toContain('port_taken')
  }
})

test('levels below the configured one are not written', () => {
  const { log, written } = lines('json')
  log.log('debug', 'quiet')
  log.log('error', 'loud', { port: 7410 })
  expect(written.map((line) => JSON.parse(line))).toEqual([
    { time: '1970-01-01T00:00:00.000Z', level: 'error', event: 'loud', port: 7410 },
  ])
})
