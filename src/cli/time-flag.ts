import { UsageError } from './command.ts'

/** A day (its start, UTC) or an RFC 3339 time, as milliseconds since the epoch. @throws UsageError. */
export function instantOf(
  text: string,
  { flag, command }: { readonly flag: string; readonly command: string },
): number {
  const time = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2}))?$/.test(text)
    ? Date.parse(text)
    : Number.NaN
  if (!Number.isNaN(time)) return time
  const form = 'a day like `2026-12-31` or an RFC 3339 time'
  throw new UsageError(`\`--${flag}\` must be ${form} (found \`${text}\`)`, command)
}
