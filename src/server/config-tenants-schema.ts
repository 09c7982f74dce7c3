import { z } from 'zod'
import { webUrl } from './config-fields.ts'

/** A tenant's name is a segment of its URLs, and stands in the names of its environment variables. */
export const TENANT_NAME = /^(?=.{1,32}$)[a-z0-9]+(?:-[a-z0-9]+)*$/

const tenantSchema = z.strictObject({
  config: z
    .string()
    .min(1)
    .meta({ description: 'File with the humans, policies, servers and workflows of the tenant.' }),
  publicUrl: webUrl.optional().meta({
    description:
      'URL of its own under which its agents know it, with another host than the others. Default: `/t/<name>` behind `publicUrl`.',
  }),
  adminUrl: webUrl.optional().meta({
    description: 'The same for its people. Default: `/t/<name>` behind `adminUrl`.',
  }),
})

export const tenantsSchema = z.record(
  z.string().regex(TENANT_NAME, 'must be lower-case letters and digits, with single `-`, at most 32 of them'),
  tenantSchema,
)
