import { z } from 'zod'
import { NOTICE_EVENTS } from '../core/delivery.ts'
import { LABELS, type Label } from '../core/labels.ts'
import { duration, word } from './config-fields.ts'

const secretName = z.string().regex(/^secret:/, 'must be `secret:name`: the file is no place for a secret')

const LONGEST_TIMEOUT = 60_000

const mask = z
  .array(z.enum(Object.keys(LABELS) as [Label, ...Label[]]))
  .default([])
  .meta({
    description:
      'Labels whose content is not told beside `secret`, `customer-data`, `private` and `infra-state`, which never are.',
  })

const webhookSchema = z.strictObject({
  url: z
    .string()
    .refine(isEndpoint, 'must be an https URL without credentials, or `secret:name`')
    .meta({ description: 'Where it is told: an https URL, or `secret:name` where the URL is a secret.' }),
  secret: secretName.meta({
    description: 'What signs it (Standard Webhooks), as `secret:name`: `whsec_…` or at least 24 characters.',
  }),
  events: z
    .array(z.enum(NOTICE_EVENTS))
    .min(1)
    .default(NOTICE_EVENTS.filter((event) => event !== 'approval.voted' && event !== 'approval.used'))
    .meta({ description: 'What it is told of.' }),
  mask,
  timeout: duration('10s')
    .refine((ms) => ms >= 100 && ms <= LONGEST_TIMEOUT, 'must lie between 100ms and 60s')
    .meta({ description: 'How long one attempt may take.' }),
  privateAddresses: z.boolean().default(false).meta({
    description:
      'Whether it may lie at a private or loopback address; the latter also at an http URL. Metadata services never.',
  }),
})

/** Where people are told of requests for consent beside the console. */
export const notifySchema = z.strictObject({
  webhooks: z
    .record(word, webhookSchema)
    .default({})
    .meta({ description: 'Endpoints that are told by signed requests, by name.' }),
})

function isEndpoint(text: string): boolean {
  if (text.startsWith('secret:')) return true
  if (!URL.canParse(text)) return false
  const { protocol, username, password } = new URL(text)
  return ['https:', 'http:'].includes(protocol) && username === '' && password === ''
}
