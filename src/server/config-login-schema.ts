import { z } from 'zod'
import { duration } from './config-fields.ts'
import { identityProviderSchema } from './config-oidc-schema.ts'

/** A segment of the redirect URI. */
const PROVIDER_NAME = /^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/

export const loginSchema = z.strictObject({
  require: z.enum(['any', 'passkey']).default('any').meta({
    description:
      'What it takes to decide what is grave. `passkey`: a code opens a session only to enrol the first passkey, and decides nothing of high severity, on the command line neither.',
  }),
  idle: duration('30m').meta({ description: 'How long a session lives without a request.' }),
  session: duration('12h').meta({ description: 'How long a session lives at most.' }),
  oidc: z
    .record(
      z.string().regex(PROVIDER_NAME, 'must be lower-case letters, digits and `-`, at most 32 of them'),
      identityProviderSchema,
    )
    .check(({ value, issues }) => {
      const seen = new Map<string, string>()
      for (const [name, { issuer }] of Object.entries(value)) {
        const twin = seen.get(new URL(issuer).href)
        const message = `cannot have the issuer of \`${twin ?? ''}\`: a person has one account of an issuer`
        if (twin !== undefined) issues.push({ code: 'custom', path: [name, 'issuer'], message, input: value })
        seen.set(new URL(issuer).href, name)
      }
    })
    .default({})
    .meta({
      description: 'OpenID providers with which people log in, by name: docs/login.md. Read at start.',
    }),
})
