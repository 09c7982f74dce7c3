import { z } from 'zod'
import { scopeSchema } from '../api/contract.ts'
import { DEFAULT_CONSENT_LIMITS } from '../core/consent-limits.ts'
import { ENVIRONMENTS } from '../core/identity.ts'
import { duration, optionalDuration, word } from './config-fields.ts'

const count = z.int().min(1)
const limit = z.int().min(0)

const budgetSchema = z
  .strictObject({
    calls: limit.optional().meta({ description: 'Calls that went through.' }),
    writes: limit.optional().meta({ description: 'Calls that write anything.' }),
    files: limit.optional().meta({ description: 'Different files that are changed.' }),
    lines: limit.optional().meta({ description: 'Lines that are added or taken away.' }),
    pullRequests: limit.optional().meta({ description: 'Pull requests that are opened.' }),
    ciRuns: limit.optional().meta({ description: 'Pipelines that are started.' }),
    installs: limit.optional().meta({ description: 'Packages that are installed or added.' }),
    consents: limit.optional().meta({ description: 'Requests that people are asked.' }),
    duration: optionalDuration.meta({ description: 'How long a task lives at most, renewals included.' }),
  })
  .default({})

/** Off where there is no limit. */
function loopSchema(ask: number, deny: number) {
  return z
    .strictObject({
      ask: count.default(ask).meta({ description: 'From which time on a human is asked.' }),
      deny: count.default(deny).meta({ description: 'From which time on it is refused.' }),
    })
    .refine((each) => each.ask <= each.deny, '`ask` must not be more than `deny`')
    .prefault({})
}

const loopsSchema = z
  .strictObject({
    repeated: loopSchema(50, 100).meta({ description: 'The same call, with nothing written in between.' }),
    failed: loopSchema(10, 20).meta({
      description: 'The same call, failing, with nothing written in between.',
    }),
    rewritten: loopSchema(50, 100).meta({ description: 'One file, written over.' }),
  })
  .prefault({})

const consentSchema = z
  .strictObject({
    open: count
      .default(DEFAULT_CONSENT_LIMITS.open)
      .meta({ description: 'Requests that wait for people at the same time.' }),
    hourly: count.default(DEFAULT_CONSENT_LIMITS.hourly).meta({ description: 'Requests within any hour.' }),
  })
  .prefault({})

const teamSchema = z.strictObject({
  ceiling: scopeSchema
    .default({})
    .meta({ description: 'What no task of this workflow may go beyond for this team.' }),
  budget: budgetSchema.meta({ description: 'What a task of this team may use up at most.' }),
})

export const workflowSchema = z.strictObject({
  description: z.string().default('').meta({ description: 'What the workflow is for, in a sentence.' }),
  scope: scopeSchema
    .default({})
    .meta({ description: 'Scope of a task that asks for none in a dimension: lists of patterns.' }),
  ceiling: scopeSchema.default({}).meta({ description: 'What no task of this workflow may go beyond.' }),
  teams: z.record(word, teamSchema).optional().meta({
    description:
      'Ceilings by team; then the workflow is for people of these teams alone, and a task keeps within the first one that holds it.',
  }),
  owner: word.optional().meta({
    description: 'For whom a workload begins such a task where it names nobody: a person in `humans`.',
  }),
  environment: z
    .enum(ENVIRONMENTS)
    .default('laptop')
    .meta({ description: 'Where a task of this workflow claims to run when it does not say.' }),
  lifetime: duration('2h').meta({ description: 'How long a task lives when it does not say.' }),
  maxLifetime: duration('12h').meta({
    description: 'The longest that a task may ask for, when it is made and at each renewal.',
  }),
  budget: budgetSchema.meta({
    description: 'What a task and everything below it may use up.',
  }),
  consent: consentSchema.meta({
    description:
      'How much a task and everything below it may ask of people; beyond it, calls that would ask are denied.',
  }),
  loops: loopsSchema.meta({
    description: 'When a task goes round in circles, counted over everything below it.',
  }),
})

export const storedCredentialSchema = z.strictObject({
  maxLifetime: duration('12h').meta({
    description: 'The longest that such a task lives, renewals included.',
  }),
  workflows: z
    .array(word)
    .optional()
    .meta({ description: 'Workflows that it may make tasks of. Default: all.' }),
  environments: z
    .array(z.enum(ENVIRONMENTS))
    .default(['laptop', 'sandbox', 'ci', 'staging'])
    .meta({ description: 'Where such a task may say that it runs.' }),
})
