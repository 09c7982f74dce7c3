import { z } from 'zod'
import { isListableName, PREFIXED } from '../mcp/names.ts'
import { word } from './config-fields.ts'

const exposedName = z
  .string()
  .refine(
    isListableName,
    'must be a name that MCP allows (letters, digits, `_`, `-` and `.`, at most 128), and not `remit_authorize`, which is the gateway’s own tool',
  )

const source = z
  .string()
  .refine((text) => PREFIXED.locateName('tool', text) !== undefined, 'must be `server__name`')

const selected = z.strictObject({
  from: source.meta({ description: 'Which it is, as `server__name`.' }),
  description: z
    .string()
    .min(1)
    .max(4_096)
    .optional()
    .meta({ description: 'What clients read in place of the server’s own.' }),
})

const selection = z.record(exposedName, selected).default({})

/** A named selection of what servers offer. */
export const virtualServerSchema = z.strictObject({
  description: z.string().min(1).optional().meta({ description: 'What clients are told it is for.' }),
  tools: selection.meta({ description: 'Tools by the name that clients see.' }),
  prompts: selection.meta({ description: 'Prompts by the name that clients see.' }),
  resources: z.array(word).default([]).meta({ description: 'Servers whose resources are shown.' }),
})
