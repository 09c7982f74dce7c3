import { z } from 'zod'
import { readVerifierKey } from '../audit/verifier-key.ts'
import { duration, optionalDuration } from './config-fields.ts'

const copySchema = z
  .strictObject({
    file: z.string().min(1).optional().meta({
      description:
        'File that they are appended to, best on another host or where this process cannot change them.',
    }),
    https: z
      .string()
      .refine(isEndpoint, 'must be an https URL without credentials, or `secret:name`')
      .optional()
      .meta({ description: 'URL that is told of them by signed POST, as webhooks are.' }),
    secret: z
      .string()
      .regex(/^secret:/, 'must be `secret:name`: the file is no place for a secret')
      .optional()
      .meta({ description: 'What signs the POST (Standard Webhooks), as `secret:name`.' }),
    witness: z.string().refine(isEndpoint, 'must be an https URL without credentials').optional().meta({
      description:
        'Submission prefix of a C2SP tlog-witness, which cosigns what continues what it saw before.',
    }),
    key: z
      .string()
      .refine((text) => readVerifierKey(text) !== undefined, 'must be a verifier key like `name+1234abcd+B…`')
      .optional()
      .meta({ description: 'Verifier key of the witness: what it says is checked with it.' }),
    privateAddresses: z.boolean().default(false).meta({
      description:
        'Whether it may lie at a private or loopback address; the latter also at an http URL. Metadata services never.',
    }),
  })
  .refine(
    ({ file, https, witness }) => [file, https, witness].filter((each) => each !== undefined).length === 1,
    'must name one of `file`, `https` and `witness`',
  )
  .refine(
    ({ https, secret }) => (https === undefined) === (secret === undefined),
    'needs `https` and `secret` together',
  )
  .refine(
    ({ witness, key }) => (witness === undefined) === (key === undefined),
    'needs `witness` and `key` together',
  )

/** What is kept of the records, how the ledger shows that it is written to, and where its checkpoints go. */
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
  heartbeat: duration('1m')
    .refine((ms) => ms >= 1_000 && ms <= 3_600_000, 'must lie between 1s and 1h')
    .meta({
      description: 'How often a record says that the gateway runs, so that silence shows, and is signed.',
    }),
  checkpoints: z.array(copySchema).default([]).meta({
    description:
      'Places beside the state folder that checkpoints are copied to, at least every `heartbeat`: docs/ledger.md.',
  }),
})

export type CopyConfig = z.output<typeof copySchema>

function isEndpoint(text: string): boolean {
  if (text.startsWith('secret:')) return true
  if (!URL.canParse(text)) return false
  const { protocol, username, password } = new URL(text)
  return ['https:', 'http:'].includes(protocol) && username === '' && password === ''
}
