import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'

export interface DocumentServer {
  /** Where the document of a client is. */
  readonly url: string
  /** `localhost:port` */
  readonly host: string
  /** PEM file of the certificate that whoever fetches has to trust. */
  readonly cert: string
  /** How often it was fetched. */
  fetched(): number
  close(): void
}

/** Publishes one client's metadata document over TLS, with a certificate of its own. */
export async function startDocumentServer(
  folder: string,
  metadata: Readonly<Record<string, unknown>>,
): Promise<DocumentServer> {
  const [key, cert] = [join(folder, 'document-key.pem'), join(folder, 'document-cert.pem')]
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost']
  const how = ['-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-keyout', key, '-out', cert]
  execFileSync('openssl', ['req', ...how, ...subject], { stdio: 'ignore' })
  let fetched = 0
  const server = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (_request, response) => {
    fetched += 1
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ client_id: url, ...metadata }))
  })
  await new Promise<void>((resolve) => {
    server.listen(0, 'localhost', resolve)
  })
  const host = `localhost:${String((server.address() as AddressInfo).port)}`
  const url = `https://${host}/agents/client.json`
  return {
    url,
    host,
    cert,
    fetched: () => fetched,
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}
