import { z } from 'zod'
import { duration, word } from './config-fields.ts'

const SHORTEST = 3_600_000
const LONGEST = 366 * 86_400_000

/** How often somebody looks at what was denied, approved and given. */
export const reviewSchema = z.strictObject({
  every: duration('30d')
    .refine((ms) => ms >= SHORTEST && ms <= LONGEST, 'must lie between 1h and 366d')
    .meta({
      description: 'Time from one sign-off to when the next is due; of the first, from the first record on.',
    }),
  owner: word.optional().meta({
    description: 'Who signs off: a person in `humans` who is `admin` or `auditor`. Default: any admin.',
  }),
})
