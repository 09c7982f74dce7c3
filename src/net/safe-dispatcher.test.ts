import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { asRemitError } from '../core/errors.ts'
import { checkAddress, createSafeAgent, createSafePool, type OutboundGuard } from './safe-dispatcher.ts'

function outcome(host: string, address: string, guard: OutboundGuard = {}): string {
  try {
    checkAddress({ host, address, port: 80 }, guard)
    return 'allowed'
  } catch (error) {
    return asRemitError(error).message
  }
}

describe('checkAddress', () => {
  it.each([
    ['a name that resolves to loopback', 'evil.example', '127.0.0.1', {}, /loopback/],
    [
      'a name that resolves to a private address',
      'evil.example',
      '10.0.0.1',
      { named: ['evil.example'] },
      /private/,
    ],
    ['an address that nobody configured', '10.0.0.1', '10.0.0.1', { named: ['10.0.0.2'] }, /private/],
    [
      'the metadata service behind a name',
      'evil.example',
      '169.254.169.254',
      { allowPrivate: true },
      /metadata/,
    ],
    ['a translated address', 'evil.example', '64:ff9b::7f00:1', { allowPrivate: true }, /reserved/],
    [
      'an own port',
      'localhost',
      '127.0.0.1',
      { named: ['localhost'], ownPorts: () => new Set([80]) },
      /gateway itself/,
    ],
    [
      'an own port by the unspecified address',
      '0.0.0.0',
      '0.0.0.0',
      { named: ['0.0.0.0'], ownPorts: () => new Set([80]) },
      /itself/,
    ],
    [
      'an own port, mapped',
      '::ffff:127.0.0.1',
      '::ffff:127.0.0.1',
      { allowPrivate: true, ownPorts: () => new Set([80]) },
      /itself/,
    ],
  ] as const)('R-SEC-1: refuses %s', (...[, host, address, guard, message]) => {
    expect(outcome(host, address, guard)).toMatch(message)
  })

  it.each([
    ['a public address', 'api.example', '93.184.216.34', {}],
    ['loopback that the URL names', 'localhost', '127.0.0.1', { named: ['localhost'] }],
    ['a private address that the URL names', '10.0.0.1', '10.0.0.1', { named: ['10.0.0.1'] }],
    ['an IPv6 address in brackets', '::1', '::1', { named: ['[::1]'] }],
    ['a private address where these are allowed', 'git.internal', '10.0.0.1', { allowPrivate: true }],
    ['the same port of another machine', 'api.example', '93.184.216.34', { ownPorts: () => new Set([80]) }],
  ] as const)('allows %s', (_name, host, address, guard) => {
    expect(outcome(host, address, guard)).toBe('allowed')
  })
})

describe('the dispatchers', () => {
  let server: Server
  let port: number
  let hits = 0

  beforeAll(async () => {
    server = createServer((request, response) => {
      hits += 1
      if (request.url === '/redirect')
        response.writeHead(302, { location: `http://127.0.0.1:${port}/` }).end()
      else response.end(request.httpVersion)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    port = (server.address() as AddressInfo).port
  })
  afterAll(() => server.close())

  it('reach the configured origin over HTTP/1.1 and follow no redirect', async () => {
    const pool = createSafePool(new URL(`http://localhost:${port}`))
    const plain = await pool.request({ path: '/', method: 'GET' })
    expect(await plain.body.text()).toBe('1.1')
    const redirect = await pool.request({ path: '/redirect', method: 'GET' })
    expect(redirect.statusCode).toBe(302)
    await redirect.body.dump()
    await pool.close()
  })

  it.each([['127.0.0.1'], ['localhost'], ['[::ffff:127.0.0.1]'], ['0x7f.1'], ['2130706433']])(
    'R-SEC-1: an agent for learned URLs opens nothing to %s',
    async (host) => {
      const agent = createSafeAgent()
      const before = hits
      const attempt = agent.request({
        origin: new URL(`http://${host}:${port}`).origin,
        path: '/',
        method: 'GET',
      })
      await expect(attempt).rejects.toMatchObject({ code: 'upstream_unavailable' })
      expect(hits).toBe(before)
      await agent.close()
    },
  )

  it('R-SEC-1: not even a configured URL leads back to the gateway itself', async () => {
    const pool = createSafePool(new URL(`http://localhost:${port}`), { ownPorts: () => new Set([port]) })
    await expect(pool.request({ path: '/', method: 'GET' })).rejects.toThrow(/gateway itself/)
    await pool.close()
  })
})
