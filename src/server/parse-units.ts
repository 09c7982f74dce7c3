const DURATION = /^(\d{1,9})(ms|s|m|h|d)$/
const MILLISECONDS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
}

const SIZE = /^(\d{1,9})(B|KiB|MiB|GiB)$/
const BYTES: Readonly<Record<string, number>> = { B: 1, KiB: 1_024, MiB: 1_048_576, GiB: 1_073_741_824 }

/** `45s`, `15m`, `2h`, `7d`, `250ms` in milliseconds; undefined for anything else. */
export function parseDuration(text: string): number | undefined {
  return parseUnits(text, DURATION, MILLISECONDS)
}

/** `512B`, `256KiB`, `4MiB`, `1GiB` in bytes; undefined for anything else. */
export function parseSize(text: string): number | undefined {
  return parseUnits(text, SIZE, BYTES)
}

function parseUnits(text: string, form: RegExp, units: Readonly<Record<string, number>>): number | undefined {
  const found = form.exec(text)
  const unit = units[found?.[2] ?? '']
  return found === null || unit === undefined ? undefined : Number(found[1]) * unit
}
