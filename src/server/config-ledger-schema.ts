import { z } from 'zod'
import { optionalDuration } from './config-fields.ts'

export const ledgerSchema = z.strictObject({
  keep: z
    .strictObject({
      payload: optionalDuration.meta({
        description: 'Arguments, results and error texts. Default: for ever.',
      }),
      detail: optionalDuration.meta({
        description:
          'Intents, resources, reasons, comments, what approvers were shown, and the approvals, grants and ended tasks that repeat them. Default: for ever.',
      }),
    })
    .prefault({})
    .meta({
      description:
        'How long content is kept before it is erased, each time with a record; the records themselves and every proof stay. What a legal hold covers is kept as well: docs/ledger.md. Read at start.',
    }),
})
