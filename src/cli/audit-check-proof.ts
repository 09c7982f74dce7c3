import { type Command, listFlag } from './command.ts'
import { configPlace } from './config-place.ts'
import { paint } from './paint.ts'
import { plainLine } from './plain-text.ts'

export const auditCheckProof: Command = {
  path: 'audit check-proof',
  summary: 'check a proof that `audit prove` wrote',
  positionals: [{ name: 'file', offers: 'files', summary: 'the proof, in either form' }],
  flags: [
    {
      name: 'key',
      takes: 'file',
      offers: 'files',
      many: true,
      summary: 'public key that is trusted, in PEM or as verifier keys (default: the state folder’s)',
    },
  ],
  notes: 'Needs no ledger and no gateway. Exits with 1 when the proof shows nothing.',
  run: async (invocation) => {
    const { checkProofOffline } = await import('../server/offline-proof.ts')
    const [file = ''] = invocation.positionals
    const where = { ...configPlace(invocation), publicKeys: listFlag(invocation, 'key') }
    const report = checkProofOffline(where, file)
    const { io, json } = invocation
    const word = report.ok ? paint(io, 'green', 'it holds') : paint(io, 'red', 'it does not hold')
    io.out(json ? `${JSON.stringify(report)}\n` : `${word}: ${plainLine(report.text)}\n`)
    return report.ok ? 0 : 1
  },
}
