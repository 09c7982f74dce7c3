import { type Command, textFlag } from './command.ts'
import { configPlace } from './config-place.ts'

export const auditRotateKey: Command = {
  path: 'audit rotate-key',
  summary: 'give the ledger another signing key, while no gateway runs',
  positionals: [],
  flags: [
    {
      name: 'lost',
      takes: 'file',
      offers: 'files',
      summary: 'the key is lost: its public half, in PEM or as a verifier key',
    },
  ],
  notes:
    'The change is a record that both keys sign, and a checkpoint that both sign;\n`audit verify` follows it. After a loss only the new key signs it, which\n`audit verify` says. Stop every gateway that writes to the ledger first.',
  run: async (invocation) => {
    const { rotateLedgerKey } = await import('../server/rotate-ledger-key.ts')
    const rotated = await rotateLedgerKey({ ...configPlace(invocation), lost: textFlag(invocation, 'lost') })
    const { io, json } = invocation
    io.out(json ? `${JSON.stringify(rotated)}\n` : `from ${rotated.old}\nto   ${rotated.new}\n`)
    return 0
  },
}
