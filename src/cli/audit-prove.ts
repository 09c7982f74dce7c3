import { type Command, textFlag, UsageError } from './command.ts'
import { configPlace } from './config-place.ts'

export const auditProve: Command = {
  path: 'audit prove',
  summary: 'prove that a record is in the ledger, or that one checkpoint continues another',
  positionals: [{ name: 'record', optional: true, summary: 'number or id of a record' }],
  flags: [
    {
      name: 'checkpoint',
      takes: 'file|size',
      offers: 'files',
      summary: 'the checkpoint that it is proved for (default: the newest)',
    },
    {
      name: 'from',
      takes: 'file|size',
      offers: 'files',
      summary: 'prove instead that this checkpoint signed the beginning of …',
    },
    {
      name: 'to',
      takes: 'file|size',
      offers: 'files',
      summary: '… what this one signed (default: the newest)',
    },
    {
      name: 'file',
      takes: 'file',
      offers: 'files',
      summary: 'an export instead of the state folder’s ledger',
    },
  ],
  notes:
    'Writes a proof that `audit check-proof` checks with the public key alone: a C2SP\ntlog-proof for a record, with --json the same as JSON. Reads files only.',
  run: async (invocation) => {
    const { proveOffline } = await import('../server/offline-proof.ts')
    const { proofJson, proofText } = await import('../audit/proof-text.ts')
    const [record] = invocation.positionals
    const from = textFlag(invocation, 'from')
    if ((record === undefined) === (from === undefined)) {
      throw new UsageError('name a record, or an older checkpoint with --from', 'audit prove')
    }
    const where = { ...configPlace(invocation), exported: textFlag(invocation, 'file') }
    const what =
      record === undefined
        ? { from: from ?? '', to: textFlag(invocation, 'to') }
        : { record, checkpoint: textFlag(invocation, 'checkpoint') }
    const proof = await proveOffline(where, what)
    invocation.io.out(invocation.json ? proofJson(proof) : proofText(proof))
    return 0
  },
}
