import { execFileSync, spawnSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { Agent, request } from 'node:https'
import { join } from 'node:path'
import { certificateThumbprint } from '../../src/net/client-certificate.ts'

export const HAS_OPENSSL = spawnSync('openssl', ['version']).status === 0

export interface MadeCertificate {
  /** PEM files. */
  readonly files: { readonly cert: string; readonly key: string }
  readonly cert: Buffer
  readonly key: Buffer
  /** `x5t#S256` */
  readonly thumbprint: string
}

/** A certificate of P-256 in a folder, signed by itself or by an authority, good for two days. */
export function makeCertificate(folder: string, name: string, by?: MadeCertificate): MadeCertificate {
  const files = { cert: join(folder, `${name}.pem`), key: join(folder, `${name}-key.pem`) }
  const fresh = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2']
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1']
  const signer = by === undefined ? [] : ['-CA', by.files.cert, '-CAkey', by.files.key]
  const where = ['-keyout', files.key, '-out', files.cert]
  execFileSync('openssl', ['req', '-x509', ...fresh, ...names, ...signer, ...where], { stdio: 'ignore' })
  const [cert, key] = [readFileSync(files.cert), readFileSync(files.key)]
  return { files, cert, key, thumbprint: certificateThumbprint(new X509Certificate(cert)) }
}

export interface SecureAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: string
  /** Whether the connection had been used before. */
  readonly reused: boolean
}

/** Whoever dials with one certificate, or none, over connections that they keep. */
export class SecureClient {
  readonly agent: Agent

  /** @param options what to trust, which certificate to show, and whatever of TLS is to be otherwise. */
  constructor(options: {
    readonly ca: Buffer
    readonly as?: MadeCertificate | undefined
    readonly maxVersion?: 'TLSv1.2'
    /** Whose certificate it has to be; default as the `Host` says. */
    readonly servername?: string
  }) {
    const { ca, as, maxVersion, servername } = options
    this.agent = new Agent({
      ca,
      keepAlive: true,
      maxSockets: 1,
      ...(as === undefined ? {} : { cert: as.cert, key: as.key }),
      ...(maxVersion === undefined ? {} : { maxVersion }),
      ...(servername === undefined ? {} : { servername }),
    })
  }

  /** @param body undefined = GET. */
  send(url: string, headers: Readonly<Record<string, string>> = {}, body?: string): Promise<SecureAnswer> {
    return new Promise((resolve, reject) => {
      const method = body === undefined ? 'GET' : 'POST'
      const sent = request(url, { method, agent: this.agent, headers }, (answer) => {
        let text = ''
        answer.setEncoding('utf8')
        answer.on('data', (chunk: string) => (text += chunk))
        answer.on('end', () => {
          resolve({
            status: answer.statusCode ?? 0,
            headers: answer.headers,
            text,
            reused: sent.reusedSocket,
          })
        })
      })
      sent.on('error', reject)
      sent.end(body)
    })
  }

  close(): void {
    this.agent.destroy()
  }
}
