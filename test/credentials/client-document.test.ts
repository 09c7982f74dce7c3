import { get } from 'node:http'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text as readText } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { SILENT } from '../../src/core/log.ts'
import { composeGateway } from '../../src/server/compose.ts'
import { parseConfig } from '../../src/server/load-config.ts'
import { ADMIN, startBareServer } from '../support/bare-authorization-server.ts'
import { freePort } from '../support/free-port.ts'
import { keepPolicies, lendPolicies } from '../support/shared-caches.ts'

const NAME = 'https://remit.example/oauth/client-metadata.json'

/** What the gateway behind a proxy says at its public address. */
async function published(): Promise<Record<string, unknown> & { readonly redirect_uris: readonly string[] }> {
  const home = mkdtempSync(join(tmpdir(), 'remit-document-'))
  const port = await freePort()
  const text = `listen: { agent: "127.0.0.1:${port}", admin: "localhost:0" }
publicUrl: https://remit.example
adminUrl: https://admin.remit.example
trustedProxies: [127.0.0.1]
humans: [{ id: mona, roles: [maintainer] }]
`
  lendPolicies(join(home, '.remit'))
  const loaded = { ...parseConfig('remit.yaml', text, {}), folder: home }
  const gateway = await composeGateway({ loaded, environ: {}, log: SILENT, demo: false })
  keepPolicies(join(home, '.remit'))
  try {
    return JSON.parse(await asProxy(port)) as Awaited<ReturnType<typeof published>>
  } finally {
    await gateway.stop()
    rmSync(home, { recursive: true, force: true })
  }
}

function asProxy(port: number): Promise<string> {
  const url = `http://127.0.0.1:${port}/oauth/client-metadata.json`
  return new Promise((resolve, reject) => {
    get(url, { headers: { host: 'remit.example' } }, (answer) => {
      void readText(answer).then(resolve, reject)
    }).on('error', reject)
  })
}

test('R-CRED-1: an authorization server takes the gateway by the document that it publishes, at its own callback alone', async () => {
  const document = await published()
  const issuer = await startBareServer()
  try {
    issuer.publish(document)
    const [redirect_uri = ''] = document.redirect_uris
    expect(redirect_uri).toBe('https://admin.remit.example/oauth/callback')
    const asked = await issuer.authorize({ client_id: NAME, redirect_uri })
    expect(asked.headers.get('location')).toMatch(`${ADMIN}/delegate/`)
    expect(issuer.fetched).toEqual([NAME])
    const elsewhere = await issuer.authorize({ client_id: NAME, redirect_uri: `${redirect_uri}/x` })
    expect(elsewhere.status).toBe(400)
  } finally {
    issuer.close()
  }
})
