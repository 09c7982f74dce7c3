import { z } from 'zod'
import { duration } from './config-fields.ts'

export const loginSchema = z.strictObject({
  require: z.enum(['any', 'passkey']).default('any').meta({
    description:
      'What it takes to decide what is grave. `passkey`: a code opens a session only to enrol the first passkey, and decides nothing of high severity, on the command line neither.',
  }),
  idle: duration('30m').meta({ description: 'How long a session lives without a request.' }),
  session: duration('12h').meta({ description: 'How long a session lives at most.' }),
})
