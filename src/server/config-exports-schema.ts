import { z } from 'zod'
import { EXPORT_FORMATS } from '../core/export-formats.ts'
import { RECORD_KINDS } from '../core/record.ts'
import { kafkaSchema } from './config-kafka-schema.ts'
import { duration, secretName, word } from './config-fields.ts'

const httpUrl = z
  .string()
  .refine(isEndpoint, 'must be an https URL without credentials, query or fragment')
  .meta({ description: 'Where it is posted: an https URL; of `otlp` without `/v1/…`.' })

const httpSchema = z.strictObject({
  url: httpUrl,
  token: secretName.optional().meta({ description: 'Bearer token, as `secret:name`.' }),
  headers: z
    .record(z.string().regex(/^[A-Za-z0-9-]+$/, 'must be the name of a header'), secretName)
    .default({})
    .meta({ description: 'Headers, each as `secret:name`.' }),
  gzip: z.boolean().default(true).meta({ description: 'Whether bodies are compressed.' }),
  timeout: duration('10s')
    .refine((ms) => ms >= 100 && ms <= 60_000, 'must lie between 100ms and 60s')
    .meta({ description: 'How long one attempt may take.' }),
  privateAddresses: z.boolean().default(false).meta({
    description:
      'Whether it may lie at a private or loopback address; the latter also at an http URL. Metadata services never.',
  }),
})

const fileSchema = z.strictObject({
  path: z.string().min(1).meta({ description: 'File, from the folder of this configuration.' }),
  rotateAt: z
    .int()
    .min(4_096)
    .default(104_857_600)
    .meta({ description: 'Bytes after which a new file is begun.' }),
  keep: z
    .int()
    .min(0)
    .max(1_000)
    .default(10)
    .meta({ description: 'Older files (`path.1`, …) that are kept.' }),
})

const exportSchema = z
  .strictObject({
    format: z.enum(EXPORT_FORMATS).meta({ description: 'Format of its lines or bodies: docs/export.md.' }),
    file: fileSchema.optional().meta({ description: 'A file that grows.' }),
    http: httpSchema.optional().meta({ description: 'An endpoint that is posted to.' }),
    kafka: kafkaSchema.optional().meta({ description: 'A topic that gets a message a record; never `csv`.' }),
    kinds: z
      .array(z.enum(RECORD_KINDS))
      .min(1)
      .optional()
      .meta({ description: 'Kinds of records; absent = all.' }),
    content: z.boolean().default(false).meta({
      description: 'Whether intent, reasons, comments, arguments and results go along.',
    }),
    signals: z
      .array(z.enum(['logs', 'traces']))
      .min(1)
      .default(['logs', 'traces'])
      .meta({ description: 'Of `otlp`: what is sent.' }),
    from: z.enum(['beginning', 'now']).default('beginning').meta({
      description: 'Where it begins when it is new.',
    }),
    batch: z.int().min(1).max(1_000).default(500).meta({ description: 'Records looked at for one batch.' }),
  })
  .refine(
    ({ file, http, kafka }) => [file, http, kafka].filter((each) => each !== undefined).length === 1,
    'needs one of `file`, `http` and `kafka`',
  )
  .refine(({ kafka, format }) => kafka === undefined || format !== 'csv', {
    path: ['format'],
    message: 'cannot be `csv` for `kafka`: a message has no header line',
  })

/** Where the ledger is streamed to. */
export const exportsSchema = z.record(word, exportSchema)

function isEndpoint(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, username, password, search, hash } = new URL(text)
  return (
    ['https:', 'http:'].includes(protocol) && [username, password, search, hash].every((part) => part === '')
  )
}
