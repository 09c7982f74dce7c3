const INSTANT =
  /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3}))?)?(?:Z|([+-])(\d{2}):(\d{2})))?$/
const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/** Milliseconds since the epoch of a date (its first moment in UTC) or a time of RFC 3339; undefined = no such time. */
export function instantOf(text: string): number | undefined {
  const [, ...found] = INSTANT.exec(text) ?? []
  if (found.length === 0) return undefined
  const part = (at: number): number => Number(found[at] ?? 0)
  const [year, month, day] = [part(0), part(1), part(2)]
  const [hour, minute, second, millis] = [part(3), part(4), part(5), Number((found[6] ?? '').padEnd(3, '0'))]
  const [offsetHour, offsetMinute] = [part(8), part(9)]
  const leap = month === 2 && isLeap(year) ? 1 : 0
  if (month < 1 || month > 12 || day < 1 || day > (DAYS[month - 1] ?? 0) + leap) return undefined
  if (hour > 23 || minute > 59 || second > 59 || offsetHour > 23 || offsetMinute > 59) return undefined
  const offset = (offsetHour * 60 + offsetMinute) * (found[7] === '-' ? -1 : 1)
  return (((daysTo(year, month, day) * 24 + hour) * 60 + minute - offset) * 60 + second) * 1_000 + millis
}

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
}

/** From 1970-01-01 on. */
function daysTo(year: number, month: number, day: number): number {
  const before = year - 1
  const leaps = (to: number): number => Math.floor(to / 4) - Math.floor(to / 100) + Math.floor(to / 400)
  const months =
    DAYS.slice(0, month - 1).reduce((sum, days) => sum + days, 0) + (month > 2 && isLeap(year) ? 1 : 0)
  return (year - 1970) * 365 + leaps(before) - leaps(1969) + months + day - 1
}
