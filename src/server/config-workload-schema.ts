import { z } from 'zod'
import { scopeSchema } from '../api/contract.ts'
import { ENVIRONMENTS } from '../core/identity.ts'
import { WORKLOAD_KINDS } from '../core/workload.ts'
import { duration, optionalDuration, word } from './config-fields.ts'

/** Asymmetric ones alone: whoever could verify a shared secret could sign with it. */
const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
] as const

const httpsUrl = z
  .string()
  .refine(isHttpsUrl, 'must be an https URL without query, fragment or credentials')
  .meta({ format: 'URL' })

const pattern = z.string().min(1).max(512)
const claim = z.string().regex(/^[^/\s]+(?:\/[^/\s]+)*$/, 'must be the name of a claim, such as `repository`')

const humanSchema = z.strictObject({
  claim: claim.meta({ description: 'Claim that says who started it, such as `actor_id`.' }),
  map: z.record(z.string().min(1), word).meta({
    description: 'Person in `humans` by the value of the claim. Whoever is not here starts nothing.',
  }),
})

/** How one kind of verified process may begin tasks. */
export const workloadSchema = z
  .strictObject({
    kind: z
      .enum(WORKLOAD_KINDS)
      .meta({ description: 'Whose tokens they are, and so what their claims mean.' }),
    issuer: httpsUrl.optional().meta({
      description: 'The `iss` of its tokens. Needed but for `spiffe`.',
    }),
    trustDomain: z
      .string()
      .regex(/^[a-z0-9._-]{1,255}$/, 'must be the name of a trust domain, such as `example.org`')
      .optional()
      .meta({ description: 'Of `spiffe`: whose SVIDs.' }),
    audience: z.array(z.string().min(1).max(512)).min(1).optional().meta({
      description:
        'What the one `aud` of a token may be. Default: the URL of the agent plane, with or without `/mcp`.',
    }),
    jwksUri: httpsUrl.optional().meta({
      description:
        'Where the keys of the issuer are. Default: as its `.well-known/openid-configuration` says.',
    }),
    jwksFile: z.string().min(1).optional().meta({
      description: 'File with the keys of the issuer (a JWK set), read again when a key is not in it.',
    }),
    jwks: z
      .looseObject({
        keys: z.array(z.looseObject({})).min(1).meta({ description: 'Each a public key as a JWK.' }),
      })
      .optional()
      .meta({
        description: 'The keys themselves.',
      }),
    allowPrivate: z.boolean().default(false).meta({
      description: 'Whether the hosts of issuer and keys may have private addresses.',
    }),
    algorithms: z
      .array(z.enum(ALGORITHMS))
      .min(1)
      .default(['RS256', 'ES256'])
      .meta({ description: 'With which its tokens may be signed.' }),
    maxAge: duration('24h').meta({ description: 'How long ago a token may have been issued.' }),
    where: z
      .record(claim, z.union([pattern.transform((one) => [one]), z.array(pattern).min(1).max(100)]))
      .refine((rules) => Object.keys(rules).length > 0, 'must name at least one claim')
      .meta({
        description:
          'What claims must be: a pattern, or a list of which one must match. `*` is any run without `/`, `**` any run; `a/b` is the member `b` of the claim `a`.',
      }),
    workflow: word.meta({ description: 'The workflow of the tasks that it begins.' }),
    human: humanSchema.optional().meta({
      description: 'For whom it begins them. Default: the `owner` of the workflow.',
    }),
    environment: z.enum(ENVIRONMENTS).default('ci').meta({
      description: 'Where its tasks run. `ci`, `staging` and `production` count as proved.',
    }),
    scope: scopeSchema.default({}).meta({ description: 'What none of its tasks goes beyond.' }),
    ownRepository: z.boolean().default(true).meta({
      description: 'Of `github` and `gitlab`: whether its tasks are for the repository of the token alone.',
    }),
    lifetime: optionalDuration.meta({
      description:
        'How long a task lives, and the longest that it may ask for. Default: as the workflow says.',
    }),
    endsWithToken: z.boolean().default(false).meta({
      description: 'Whether a task ends when the token that began it does.',
    }),
    tasksPerToken: z
      .int()
      .min(1)
      .max(100)
      .default(1)
      .meta({ description: 'How many tasks one token begins.' }),
    agents: z.array(word).min(1).optional().meta({
      description: 'Agents that its tasks may be for; a single one need not be named. Default: any.',
    }),
  })
  .check(({ value, issues }) => {
    const problem = (key: string, message: string): void => {
      issues.push({ code: 'custom', path: [key], message, input: value })
    }
    const { kind, issuer, trustDomain } = value
    if (kind === 'spiffe') {
      if (trustDomain === undefined) problem('trustDomain', 'needs to be there for `spiffe`')
    } else {
      if (issuer === undefined) problem('issuer', `needs to be there for \`${kind}\``)
      if (trustDomain !== undefined) problem('trustDomain', 'cannot stand beside another kind than `spiffe`')
    }
    const sources = (['jwksUri', 'jwksFile', 'jwks'] as const).filter((key) => value[key] !== undefined)
    if (sources.length > 1) problem(sources[1] ?? '', `cannot stand beside \`${sources[0] ?? ''}\``)
    if (sources.length === 0 && issuer === undefined) {
      problem(
        'jwksFile',
        'needs to be there, or `jwks` or `jwksUri`: without `issuer` the keys cannot be found',
      )
    }
  })
export type WorkloadConfig = z.output<typeof workloadSchema>

function isHttpsUrl(text: string): boolean {
  if (!URL.canParse(text)) return false
  const url = new URL(text)
  return url.protocol === 'https:' && url.username === '' && url.password === '' && !/[?#]/.test(text)
}
