import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, type TLSSocket } from 'node:tls'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  HAS_OPENSSL,
  makeCertificate,
  SecureClient,
  type MadeCertificate,
} from '../../test/support/client-certificates.ts'
import { clientCertificate } from '../net/client-certificate.ts'
import { openPlane, type Plane } from './plane.ts'

if (!HAS_OPENSSL) console.log('skipped: certificates of clients need the `openssl` program')

describe.skipIf(!HAS_OPENSSL)('certificates of clients, as a plane takes them', () => {
  const folder = mkdtempSync(join(tmpdir(), 'remit-certs-'))
  const clients: SecureClient[] = []
  let [own, authority, signed, stranger]: MadeCertificate[] = []
  /** One that takes any certificate, one that wants them signed. */
  let [any, verified]: Plane[] = []
  let now = 0
  let proxy = false

  const open = async (ca?: Buffer): Promise<Plane> => {
    const plane = await openPlane({
      name: 'agent',
      address: { host: '127.0.0.1', port: 0 },
      connections: 50,
      admits: () => true,
      tls: { cert: own!.cert, key: own!.key },
      certificates: { ca, isProxy: () => proxy, now: () => now },
    })
    plane.serve((request, response) => {
      const { certificate, refused } = clientCertificate(request) ?? {}
      response.end(JSON.stringify({ certificate, refused }))
    })
    return plane
  }
  const client = (as?: MadeCertificate, maxVersion?: 'TLSv1.2'): SecureClient => {
    const made = new SecureClient({ ca: own!.cert, as, ...(maxVersion === undefined ? {} : { maxVersion }) })
    clients.push(made)
    return made
  }
  const see = async (by: SecureClient, plane: Plane) => {
    const { text, reused } = await by.send(plane.url)
    return { ...(JSON.parse(text) as { certificate?: string; refused?: string }), reused }
  }

  beforeAll(async () => {
    own = makeCertificate(folder, 'own')
    authority = makeCertificate(folder, 'authority')
    signed = makeCertificate(folder, 'signed', authority)
    stranger = makeCertificate(folder, 'stranger')
    any = await open()
    verified = await open(authority.cert)
  })
  beforeEach(() => {
    now = Date.now()
    proxy = false
  })
  afterAll(async () => {
    for (const each of clients) each.close()
    await Promise.all([any?.close(0), verified?.close(0)])
    rmSync(folder, { recursive: true })
  })

  test('R-ID-4: each connection has the certificate that its own client showed, for as long as it is kept; who shows none has none', async () => {
    const [one, other, none] = [client(stranger), client(signed), client()]
    expect(await see(one, any!)).toEqual({ certificate: stranger!.thumbprint, reused: false })
    expect(await see(other, any!)).toEqual({ certificate: signed!.thumbprint, reused: false })
    expect(await see(none, any!)).toEqual({ reused: false })
    expect(await see(one, any!)).toEqual({ certificate: stranger!.thumbprint, reused: true })
    expect(await see(none, any!)).toEqual({ reused: true })
  })

  test('R-ID-4: with authorities only what they signed counts, and only in its time, also on a connection that is kept', async () => {
    const one = client(signed)
    expect(await see(one, verified!)).toEqual({ certificate: signed!.thumbprint, reused: false })
    expect(await see(client(stranger), verified!)).toEqual({
      certificate: stranger!.thumbprint,
      refused: expect.stringContaining('no authority of `tls.clientCa` stands for it (DEPTH_ZERO_SELF'),
      reused: false,
    })
    now += 3 * 86_400_000
    expect(await see(one, verified!)).toMatchObject({ refused: 'its time is over', reused: true })
  })

  test('R-SEC-1: what a proxy shows is nobody’s', async () => {
    proxy = true
    expect(await see(client(stranger), any!)).toMatchObject({ refused: expect.stringContaining('proxy') })
  })

  test.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'R-SEC-1: a session of %s that is resumed has the certificate with which it began, and none where it began with none',
    async (version) => {
      for (const as of [signed, undefined]) {
        const first = await dial(verified!, as, { maxVersion: version })
        const session = await first.session
        expect(JSON.parse(first.text)).toEqual(as === undefined ? {} : { certificate: as.thumbprint })
        // The second time without its certificate at hand: what counts is who has the secret of the session.
        const again = await dial(verified!, undefined, { maxVersion: version, session })
        expect(again.reused).toBe(true)
        expect(JSON.parse(again.text)).toEqual(JSON.parse(first.text))
      }
    },
  )

  test('R-SEC-1: TLS is not negotiated again on a connection, where another certificate could be shown', async () => {
    const socket = await opened(verified!, signed, { maxVersion: 'TLSv1.2' })
    const outcome = await new Promise<string>((resolve) => {
      socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'error'))
      socket.renegotiate({ rejectUnauthorized: false }, (error) => {
        if (error === null) resolve('negotiated')
      })
    })
    socket.destroy()
    expect(outcome).toMatch(/NO_RENEGOTIATION/)
  })

  type How = { readonly maxVersion: 'TLSv1.2' | 'TLSv1.3'; readonly session?: Buffer }

  function connectTo({ port }: Plane, as: MadeCertificate | undefined, how: How): TLSSocket {
    const shown = as === undefined ? {} : { cert: as.cert, key: as.key }
    return connect({ host: '127.0.0.1', port, ca: own!.cert, ...shown, ...how })
  }

  async function opened(plane: Plane, as: MadeCertificate | undefined, how: How): Promise<TLSSocket> {
    const socket = connectTo(plane, as, how)
    await new Promise((resolve, reject) => {
      socket.once('secureConnect', resolve)
      socket.once('error', reject)
    })
    return socket
  }

  /** One request on a connection of its own. */
  async function dial(plane: Plane, as: MadeCertificate | undefined, how: How) {
    const socket = connectTo(plane, as, how)
    const session = new Promise<Buffer>((resolve) => {
      socket.once('session', resolve)
    })
    let heard = ''
    socket.setEncoding('utf8')
    socket.write('GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n')
    const reused = await new Promise<boolean>((resolve, reject) => {
      socket.on('data', (chunk: string) => (heard += chunk))
      socket.once('end', () => resolve(socket.isSessionReused()))
      socket.once('error', reject)
    })
    return { text: /\{.*\}/.exec(heard)?.[0] ?? '', session, reused }
  }
})
