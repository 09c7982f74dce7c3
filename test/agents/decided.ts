import type { RunningGateway } from '../support/running-gateway.ts'

export interface Decided {
  readonly effect: string
  readonly door: string
  /** The agent's conversation, with the sub-agent behind a stroke. */
  readonly session: string
  /** Of the task that acted, below the one of the connection: 0 = that one itself. */
  readonly depth: number
}

interface Body {
  readonly kind: string
  readonly call?: { readonly door: string }
  readonly correlation?: { readonly session?: string }
  readonly decision?: { readonly effect: string }
  readonly identity?: { readonly chain: readonly string[] }
}

/** What was decided about one file, in the order of the ledger. */
export type Ledger = (file: string) => readonly Decided[]

/** Reads the gateway's ledger as an auditor does. */
export function readLedger(gateway: RunningGateway): Ledger {
  const { stdout } = gateway.remit(['audit', 'export', '--json'])
  const lines = stdout.split('\n').filter((line) => line.startsWith('{"record"'))
  return (file) =>
    lines
      .filter((line) => line.includes(file))
      .map((line) => {
        const { record } = JSON.parse(line) as { record: { body: string | Body } }
        return typeof record.body === 'string' ? (JSON.parse(record.body) as Body) : record.body
      })
      .filter((body) => body.kind === 'decision')
      .map((body) => ({
        effect: body.decision?.effect ?? '',
        door: body.call?.door ?? '',
        session: body.correlation?.session ?? '',
        depth: (body.identity?.chain.length ?? 0) - 1,
      }))
}
