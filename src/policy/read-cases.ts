import { parseDocument } from 'yaml'
import { z } from 'zod'
import { RemitError } from '../core/errors.ts'
import { casesSchema, requestSchema, type PolicyCase } from './case-schema.ts'

/** @throws RemitError `policy_invalid` for text that is no cases file, with what is wrong. */
export function readCases(text: string, file: string): readonly PolicyCase[] {
  const document = parseDocument(text, { uniqueKeys: true })
  const [syntax] = document.errors
  if (syntax !== undefined) throw new RemitError('policy_invalid', `${file}: ${syntax.message}`)
  const parsed = casesSchema.safeParse(document.toJS())
  if (parsed.success) return parsed.data
  throw new RemitError('policy_invalid', `${file}: ${z.prettifyError(parsed.error)}`)
}

/** One request, or what is wrong with it. */
export function readRequestCase(value: unknown): z.infer<typeof requestSchema> | string {
  const parsed = requestSchema.safeParse(value)
  return parsed.success ? parsed.data : z.prettifyError(parsed.error)
}
