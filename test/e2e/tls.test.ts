import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { chromium } from 'playwright-core'
import { findProgram } from '../support/required-programs.ts'
import { APPROVER_CODE, startGateway, type RunningGateway } from '../support/running-gateway.ts'

const hasOpenssl = spawnSync('openssl', ['version']).status === 0
if (!hasOpenssl) console.log('skipped: a certificate for the TLS test needs the `openssl` program')

describe.skipIf(!hasOpenssl)('TLS', () => {
  let folder: string
  let gateway: RunningGateway

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'remit-tls-'))
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1']
    const how = ['-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-keyout', key, '-out', cert]
    execFileSync('openssl', ['req', ...how, ...subject], { stdio: 'ignore' })
    gateway = await startGateway({
      config: () => `tls: { cert: ${cert}, key: ${key} }\n`,
      env: { NODE_EXTRA_CA_CERTS: cert },
      tls: true,
    })
  }, 240_000)

  afterAll(async () => {
    await gateway.remove()
    rmSync(folder, { recursive: true })
  })

  test('R-SEC-1: both planes speak TLS with the configured certificate, and nothing else', async () => {
    const { token, url } = gateway.task()
    expect(url).toMatch(/^https:/)
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const sent = request(
        url,
        {
          method: 'POST',
          ca: readFileSync(join(folder, 'cert.pem')),
          headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        },
        (answer) => {
          answer.resume()
          resolve(answer.statusCode)
        },
      )
      sent.on('error', reject)
      sent.end('{"jsonrpc":"2.0","id":1,"method":"ping"}')
    })
    expect(status).toBeGreaterThanOrEqual(200)
    expect(status).not.toBe(401)
    await expect(fetch(url.replace('https:', 'http:'))).rejects.toThrow('fetch failed')
  })

  const program = findProgram('chromium')
  test.skipIf(program === undefined)(
    'R-SEC-1: over TLS the session’s cookie is `Secure`, and bound to its host and to nothing wider',
    async () => {
      const chrome = await chromium.launch({ executablePath: program ?? '', args: ['--no-sandbox'] })
      const context = await chrome.newContext({ ignoreHTTPSErrors: true })
      const page = await context.newPage()
      await page.goto(`${gateway.adminUrl}/login`)
      await page.fill('#code', APPROVER_CODE)
      await page.click('#code-form button')
      await page.waitForSelector('#account:not([hidden])')
      expect(await context.cookies()).toMatchObject([
        { name: '__Host-remit_session', secure: true, httpOnly: true, sameSite: 'Strict', path: '/' },
      ])
      await page.click('#log-out')
      await page.waitForSelector('#use-passkey')
      expect(await context.cookies()).toEqual([])
      await chrome.close()
    },
  )
})
