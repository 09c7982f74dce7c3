import { describe, expect, it } from 'vitest'
import { asRemitError } from '../core/errors.ts'
import { checkHost, makeHostGuard } from './check-host.ts'

const loopback = makeHostGuard({ address: '127.0.0.1', port: 7410 })
const open = makeHostGuard({
  address: '0.0.0.0',
  port: 7410,
  publicUrls: ['https://remit.example/mcp'],
  origins: ['https://console.example'],
})

function outcome(headers: { host?: string; origin?: string }, guard = loopback): string {
  try {
    checkHost(headers, guard)
    return 'accepted'
  } catch (error) {
    return asRemitError(error).code
  }
}

describe('checkHost', () => {
  it.each([['127.0.0.1:7410'], ['localhost:7410'], ['LOCALHOST:7410'], ['[::1]:7410']])(
    'accepts %s for a listener on loopback',
    (host) => {
      expect(outcome({ host })).toBe('accepted')
      expect(outcome({ host, origin: `http://${host}` })).toBe('accepted')
    },
  )

  it.each([
    ['evil.example:7410'],
    ['localhost.evil.example:7410'],
    ['localhost:7411'],
    ['localhost'],
    ['127.0.0.1:7410@evil.example'],
    ['127.0.0.1:7410,evil.example'],
    ['0.0.0.0:7410'],
    [''],
  ])('R-SEC-1: refuses the Host `%s` (DNS rebinding)', (host) => {
    expect(outcome({ host })).toBe('host_refused')
  })

  it('R-SEC-1: refuses a request without a Host', () => {
    expect(outcome({})).toBe('host_refused')
  })

  it.each([['http://evil.example'], ['null'], ['http://localhost:7411'], ['https://localhost:7410'], ['']])(
    'R-SEC-1: refuses the Origin `%s`',
    (origin) => {
      expect(outcome({ host: 'localhost:7410', origin })).toBe('origin_refused')
    },
  )

  it('a listener on all addresses answers only to its public URL and the origins that it was given', () => {
    expect(outcome({ host: 'remit.example' }, open)).toBe('accepted')
    expect(outcome({ host: 'remit.example:443' }, open)).toBe('accepted')
    expect(outcome({ host: 'localhost:7410' }, open)).toBe('host_refused')
    expect(outcome({ host: 'remit.example', origin: 'https://console.example' }, open)).toBe('accepted')
    expect(outcome({ host: 'remit.example', origin: 'http://remit.example' }, open)).toBe('origin_refused')
  })
})
