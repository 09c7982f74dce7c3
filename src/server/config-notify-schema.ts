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

const timeout = duration('10s')
  .refine((ms) => ms >= 100 && ms <= LONGEST_TIMEOUT, 'must lie between 100ms and 60s')
  .meta({ description: 'How long one attempt may take.' })

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
  timeout,
  privateAddresses: z.boolean().default(false).meta({
    description:
      'Whether it may lie at a private or loopback address; the latter also at an http URL. Metadata services never.',
  }),
})

const slackId = (kinds: string, what: string) =>
  z.string().regex(new RegExp(`^[${kinds}][A-Z0-9]{2,30}$`), `must be the id of ${what}`)

const slackSchema = z.strictObject({
  token: secretName.meta({
    description: 'Token of the bot (`xoxb-…`, scope `chat:write`), as `secret:name`.',
  }),
  channel: slackId('CGD', 'a conversation, like `C0123456789`').meta({
    description: 'Id of the conversation that is told, in which the bot is.',
  }),
  escalations: z.record(word, slackId('CGD', 'a conversation, like `C0123456789`')).default({}).meta({
    description:
      'Conversations of those whom rules ask later (`@escalate_to`), by role or team; any other group is asked where requests are told.',
  }),
  answers: z
    .strictObject({
      signingSecret: secretName.meta({
        description: 'Signing secret of the app, as `secret:name`: what Slack sends is signed with it.',
      }),
      workspace: slackId('T', 'a workspace, like `T0123456789`').meta({
        description: 'Id of the workspace that the people are of; nobody else is heard.',
      }),
    })
    .optional()
    .meta({
      description:
        'Lets people whose `slack` is in `humans` answer there what is not grave. Absent = Slack is only told.',
    }),
  mask,
  timeout,
  apiUrl: z
    .string()
    .refine(
      (text) => isEndpoint(text) && text.startsWith('https:') && !text.endsWith('/'),
      'must be an https URL without credentials and without a slash at its end',
    )
    .default('https://slack.com/api')
    .meta({ description: 'Slack’s Web API; GovSlack has another.' }),
})

/** Where people are told of requests for consent, and of what somebody has to know, beside the console. */
export const notifySchema = z.strictObject({
  slack: slackSchema.optional().meta({
    description: 'A conversation in Slack with one message a request: docs/slack.md.',
  }),
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
