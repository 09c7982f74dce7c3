import { request } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openPlane } from '../plane.ts'
import { SharedPlane } from './shared-plane.ts'
import type { Plane } from '../plane.ts'

const CONNECTIONS = 8
let own: Plane
let acme: Plane
/** Answers to let go of. */
const held: (() => void)[] = []

beforeAll(async () => {
  const address = { host: '127.0.0.1', port: 0 }
  const plane = await openPlane({ name: 'agent', address, connections: CONNECTIONS, admits: () => true })
  const shared = new SharedPlane(plane, CONNECTIONS)
  own = shared.own()
  acme = shared.of('acme', undefined)
  const named = (name: string, part: Plane): void => {
    part.serve(({ url }, response) => {
      const answer = (): void => void response.end(`${name} ${url ?? ''}`)
      if (url === '/wait') held.push(answer)
      else answer()
    })
  }
  named('own', own)
  named('acme', acme)
  named('beta', shared.of('beta', 'http://beta.localhost'))
  shared.of('closed', undefined)
})

afterAll(() => own.close(0))

function get(
  path: string,
  host = `127.0.0.1:${own.port}`,
): Promise<{ readonly status: number; readonly text: string }> {
  return new Promise((resolve, reject) => {
    const asked = request(
      { host: '127.0.0.1', port: own.port, path, headers: { host }, agent: false },
      (response) => {
        let text = ''
        response.on('data', (chunk: Buffer) => (text += chunk.toString()))
        response.on('end', () => {
          resolve({ status: response.statusCode ?? 0, text })
        })
      },
    )
    asked.on('error', reject)
    asked.end()
  })
}

test('R-POL-11: a tenant is reached by its path, or by its host and then nowhere else', async () => {
  expect(await get('/mcp')).toEqual({ status: 200, text: 'own /mcp' })
  expect(await get('/t/acme/mcp?x')).toEqual({ status: 200, text: 'acme /mcp?x' })
  expect(await get('/mcp', 'beta.localhost')).toEqual({ status: 200, text: 'beta /mcp' })
  expect(await get('/mcp', 'BETA.localhost:80')).toEqual({ status: 200, text: 'beta /mcp' })
  // The path of a tenant with a host is one that the installation does not have; so is one of nobody.
  expect(await get('/t/beta/mcp')).toEqual({ status: 200, text: 'own /t/beta/mcp' })
  expect(await get('/t/nobody/mcp')).toEqual({ status: 200, text: 'own /t/nobody/mcp' })
  // Nor does its host lead to another tenant.
  expect(await get('/t/acme/mcp', 'beta.localhost')).toEqual({ status: 200, text: 'beta /t/acme/mcp' })
  expect((await get('/t/closed/mcp')).status).toBe(503)
})

test('R-POL-11: a tenant that floods the plane holds half of it at most, and the others are served', async () => {
  const waiting = Array.from({ length: CONNECTIONS / 2 }, () => get('/t/acme/wait'))
  await expect.poll(() => held.length).toBe(CONNECTIONS / 2)
  expect((await get('/t/acme/mcp')).status).toBe(503)
  expect((await get('/mcp')).status).toBe(200)
  expect((await get('/mcp', 'beta.localhost')).status).toBe(200)
  for (const answer of held.splice(0)) answer()
  await Promise.all(waiting)
  await expect.poll(async () => (await get('/t/acme/mcp')).status).toBe(200)
})
