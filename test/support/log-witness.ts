import { generateKeyPairSync, sign } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { parseCheckpoint } from '../../src/audit/checkpoint.ts'
import { verifyConsistency } from '../../src/audit/merkle-proof.ts'
import { COSIGNATURE, keyId, type VerifierKey } from '../../src/audit/verifier-key.ts'

export interface LogWitness {
  readonly url: string
  readonly key: VerifierKey
  /** What it has seen of the ledger. */
  seen: { size: number; root: Uint8Array }
  /** Statuses that it answered with. */
  readonly statuses: number[]
  close(): Promise<void>
}

/** A witness of one ledger that does what https://c2sp.org/tlog-witness says. */
export async function startLogWitness(name = 'witness.example/w1'): Promise<LogWitness> {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const { status, body } =
        request.url === '/w/add-checkpoint' ? add(Buffer.concat(chunks).toString('utf8')) : NO_SUCH
      witness.statuses.push(status)
      response.writeHead(status, status === 409 ? { 'content-type': 'text/x.tlog.size' } : {}).end(body)
    })
  })
  function add(text: string): { readonly status: number; readonly body: string } {
    const end = text.indexOf('\n\n')
    const [first = '', ...lines] = text.slice(0, end).split('\n')
    const parsed = parseCheckpoint(text.slice(end + 2))
    const old = /^old (0|[1-9]\d*)$/.exec(first)?.[1]
    if (old === undefined || parsed === undefined) return { status: 400, body: '' }
    if (Number(old) !== witness.seen.size) return { status: 409, body: `${witness.seen.size}\n` }
    const proof = lines.map((line) => Buffer.from(line, 'base64'))
    if (!verifyConsistency({ older: witness.seen, newer: parsed.head }, proof))
      return { status: 422, body: '' }
    witness.seen = { size: parsed.head.size, root: parsed.head.root }
    const time = Buffer.alloc(8)
    time.writeBigUInt64BE(1_700_000_000n)
    const signature = sign(null, Buffer.from(`cosignature/v1\ntime 1700000000\n${parsed.text}`), privateKey)
    const bytes = Buffer.concat([keyId(name, publicKey, COSIGNATURE), time, signature])
    return { status: 200, body: `— ${name} ${bytes.toString('base64')}\n` }
  }
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  const witness: LogWitness = {
    url: `http://127.0.0.1:${String(port)}/w`,
    key: { name, algorithm: COSIGNATURE, key: publicKey },
    seen: { size: 0, root: new Uint8Array(32) },
    statuses: [],
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve()
        })
        server.closeAllConnections()
      }),
  }
  return witness
}

const NO_SUCH = { status: 404, body: '' }
