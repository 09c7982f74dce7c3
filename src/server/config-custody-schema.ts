import { z } from 'zod'
import { webUrl } from './config-fields.ts'

export const CUSTODIES = ['file', 'keychain', 'vault', 'command'] as const

const custody = {
  in: z.enum(CUSTODIES).default('file').meta({
    description:
      '`file` = in the state folder, readable by its owner; else sealed there under a key of the operating system’s keychain, of Vault’s transit engine, or of a program.',
  }),
  vault: z
    .strictObject({
      url: webUrl.meta({ description: 'Of Vault or OpenBao, without a path.' }),
      mount: z
        .string()
        .regex(/^[A-Za-z0-9_-][A-Za-z0-9_/-]*$/, 'must be the path of a mount')
        .default('transit')
        .meta({ description: 'Where the transit engine is mounted.' }),
      key: z
        .string()
        .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'must be the name of a key')
        .meta({ description: 'Name of the key in it.' }),
      tokenFile: z.string().min(1).optional().meta({
        description: 'File with the token, mode 600. Default: the variable `VAULT_TOKEN`.',
      }),
      namespace: z.string().min(1).optional().meta({ description: 'Namespace of Vault Enterprise or HCP.' }),
    })
    .optional()
    .meta({ description: 'For `in: vault`.' }),
  command: z
    .array(z.string().min(1))
    .min(1)
    .optional()
    .meta({ description: 'For `in: command`: a program and its first arguments (docs/keys.md).' }),
}

type Custody = z.output<z.ZodObject<typeof custody>>

function isComplete(value: Custody): boolean {
  return (
    (value.in !== 'vault' || value.vault !== undefined) &&
    (value.in !== 'command' || value.command !== undefined)
  )
}
const INCOMPLETE = 'must have `vault` for `in: vault`, and `command` for `in: command`'

/** `keys` of `remit.yaml`. */
export const custodySchema = z
  .strictObject({
    ...custody,
    from: z.strictObject(custody).refine(isComplete, INCOMPLETE).optional().meta({
      description: 'Where they lie until now, to move them with the next start; then take it away.',
    }),
  })
  .refine(isComplete, INCOMPLETE)

export type CustodyConfig = Omit<z.output<typeof custodySchema>, 'from'>
