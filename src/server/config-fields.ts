import { z } from 'zod'
import { ACTIONS, type Action } from '../core/actions.ts'
import { parseAddress } from './listen-address.ts'
import { parseDuration, parseSize } from './parse-units.ts'

const DURATION_FORM = 'must be a duration like `45s`, `15m` or `2h`'
const SIZE_FORM = 'must be a size like `256KiB` or `4MiB`'

export const secretName = z
  .string()
  .regex(/^secret:/, 'must be `secret:name`: the file is no place for a secret')

export const word = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._@+-]{0,127}$/,
    'must be a word of letters, digits and `.`, `_`, `-`, `@`, `+`',
  )

/** Name of a host as URLs write it canonically: lower case, IDN in ASCII, no port unless it is an unusual one. */
export const hostName = z
  .string()
  .regex(
    /^(?=.{1,255}$)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*(?::\d{1,5})?$/,
    'must be a host like `git.example.com`, in lower case',
  )

/** Text of a duration, as milliseconds. */
export function duration(initial: string): z.ZodPrefault<z.ZodType<number, string>> {
  return parsed('duration', parseDuration, DURATION_FORM).prefault(initial)
}

/** The same where no duration is an answer too. */
export const optionalDuration: z.ZodOptional<z.ZodType<number, string>> = parsed(
  'duration',
  parseDuration,
  DURATION_FORM,
).optional()

/** Text of a size, as bytes. */
export function size(initial: string): z.ZodPrefault<z.ZodType<number, string>> {
  return parsed('size', parseSize, SIZE_FORM).prefault(initial)
}

/** `host:port`, `[::1]:port` or `port 0` for any free one. */
export function address(initial: string): z.ZodPrefault<z.ZodType<string, string>> {
  return z
    .string()
    .refine((text) => parseAddress(text) !== undefined, 'must be an address like `127.0.0.1:7410`')
    .meta({ format: 'host:port' })
    .prefault(initial)
}

/** A day (its start, UTC) or a time with its zone, as milliseconds since the epoch. */
export const instant: z.ZodType<number, string> = z
  .union(
    [z.iso.date(), z.iso.datetime({ offset: true })],
    'must be a day like `2026-12-31` or an RFC 3339 time',
  )
  .meta({ format: 'RFC 3339' })
  .transform((text) => Date.parse(text))

export const webUrl = z
  .string()
  .refine(isBareUrl, 'must be an http or https URL without path, query or credentials')
  .meta({ format: 'URL' })

export const action = z.enum(Object.keys(ACTIONS) as [Action, ...Action[]])

function parsed(
  format: string,
  parse: (text: string) => number | undefined,
  message: string,
): z.ZodType<number, string> {
  return z
    .string(message)
    .meta({ format })
    .transform((text, context) => {
      const value = parse(text)
      if (value !== undefined) return value
      context.addIssue({ code: 'custom', message, input: text })
      return z.NEVER
    })
}

function isBareUrl(text: string): boolean {
  if (!URL.canParse(text)) return false
  const url = new URL(text)
  const bare = url.pathname === '/' && url.search === '' && url.hash === '' && !text.includes('?')
  return ['http:', 'https:'].includes(url.protocol) && bare && url.username === '' && url.password === ''
}
