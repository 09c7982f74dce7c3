import { z } from 'zod'
import { isLoopbackHost } from '../net/ip-ranges.ts'
import { duration, optionalDuration, word } from './config-fields.ts'

const claim = z.string().regex(/^[^/\s]+(?:\/[^/\s]+)*$/, 'must be the name of a claim, such as `groups`')
const group = z.string().min(1).max(512)
const words = z.union([word.transform((one) => [one]), z.array(word).min(1)])

/** One OpenID provider with which people may log in. */
export const identityProviderSchema = z
  .strictObject({
    label: z.string().min(1).max(60).optional().meta({
      description: 'How its button calls it, such as `Acme SSO`. Default: its name here.',
    }),
    issuer: z
      .string()
      .refine(
        isIssuer,
        'must be an https URL without query, fragment or credentials; http is for this machine alone',
      )
      .meta({ format: 'URL', description: 'Its issuer identifier, exactly as its tokens name it.' }),
    clientId: z.string().min(1).max(512).meta({
      description:
        'Client that is registered there, with the redirect URI `<adminUrl>/login/oidc/<name>/callback`.',
    }),
    clientSecret: z
      .string()
      .regex(/^secret:/, 'must be `secret:name`: the file is no place for a secret')
      .optional()
      .meta({ description: 'Its secret, as `secret:name`. Default: a public client.' }),
    scopes: z
      .array(z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/, 'must be the name of a scope'))
      .refine((scopes) => scopes.includes('openid'), 'must have `openid`')
      .default(['openid', 'email', 'profile'])
      .meta({ description: 'What is asked for; some providers have a scope for groups.' }),
    idClaim: claim.default('email').meta({
      description:
        'Claim whose value is the name of a person here. `email` counts only where it is verified; any other must be one that people cannot choose.',
    }),
    groupsClaim: claim.default('groups').meta({
      description: 'Claim with the groups of a person; `a/b` is the member `b` of the claim `a`.',
    }),
    groups: z.array(group).min(1).optional().meta({
      description: 'Groups of which one must be among theirs. Who is in none any more loses everything here.',
    }),
    domains: z
      .array(
        z
          .string()
          .regex(
            /^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/,
            'must be the domain of e-mail addresses, such as `acme.example`, in lower case',
          ),
      )
      .min(1)
      .optional()
      .meta({ description: 'Domains of which their verified e-mail address must be.' }),
    anybody: z.literal(true).optional().meta({
      description: '`true` = whoever the provider knows may come in, without `groups` and `domains`.',
    }),
    teams: z.record(group, words).default({}).meta({
      description: 'Teams by group: a name, or a list of them.',
    }),
    roles: z.record(group, words).default({}).meta({
      description: 'Roles by group: a name, or a list of them.',
    }),
    defaultRoles: z.array(word).default([]).meta({
      description: 'Roles of everybody who comes in with it: docs/roles.md.',
    }),
    lasts: duration('24h').meta({
      description:
        'How long what it said of somebody counts. Without another login they are nobody here afterwards, and their tasks stop until then.',
    }),
    maxAge: optionalDuration.meta({
      description:
        'How long ago people may have proved who they are there; it asks them again else. Default: as it likes.',
    }),
    adopt: z.boolean().default(false).meta({
      description:
        'Whether it may log people of `humans` in, by `idClaim`. What they may do, `humans` still says.',
    }),
    allowPrivate: z.boolean().default(false).meta({
      description: 'Whether its hosts may have private addresses.',
    }),
  })
  .check(({ value, issues }) => {
    const problem = (path: string[], message: string): void => {
      issues.push({ code: 'custom', path, message, input: value })
    }
    const { groups, domains, anybody } = value
    if (groups === undefined && domains === undefined && anybody === undefined) {
      problem([], 'needs `groups` or `domains`; `anybody: true` lets everybody in whom the provider knows')
    }
    if (anybody !== undefined && (groups !== undefined || domains !== undefined)) {
      problem(['anybody'], 'cannot stand beside `groups` or `domains`')
    }
  })
export type IdentityProviderConfig = z.output<typeof identityProviderSchema>

function isIssuer(text: string): boolean {
  if (!URL.canParse(text)) return false
  const url = new URL(text)
  if (url.username !== '' || url.password !== '' || /[?#]/.test(text)) return false
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopbackHost(url.hostname))
}
