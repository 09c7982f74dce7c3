import { evaluationError } from '../evaluation-error.ts'
import { ExtensionValue } from './extension-value.ts'
import { DAY, Duration } from './duration.ts'
import { addLongs, floorDivide, long, subtractLongs, type Long } from './long.ts'

/** Milliseconds since the epoch, i64. https://docs.cedarpolicy.com/policies/syntax-datatypes.html#datatype-datetime */
export class Datetime extends ExtensionValue {
  readonly kind = 'datetime'
  readonly milliseconds: Long

  constructor(milliseconds: Long) {
    super()
    this.milliseconds = milliseconds
  }

  key(): string {
    return String(this.milliseconds)
  }
}

const DATETIME = /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d):(\d\d)(?:\.(\d{3}))?(Z|[+-]\d{4}))?$/

/**
 * `YYYY-MM-DD` or `YYYY-MM-DDThh:mm:ss[.SSS](Z|±hhmm)`.
 * @throws RemitError for any other text and for a day or time that does not exist.
 */
export function parseDatetime(text: string): Datetime {
  const match = DATETIME.exec(text)
  if (match === null) throw notDatetime(text)
  const [year, month, day, hour, minute, second, millisecond] = match
    .slice(1, 8)
    .map((part) => Number(part ?? 0)) as [number, number, number, number, number, number, number]
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  const exists = date.getUTCMonth() === month - 1 && date.getUTCDate() === day
  if (!exists || hour > 23 || minute > 59 || second > 59) throw notDatetime(text)
  const time = hour * 3_600_000 + minute * 60_000 + second * 1000 + millisecond
  return new Datetime(date.getTime() + time - offsetOf(match[8] ?? '', text))
}

/** Milliseconds that a zone is ahead of UTC; `Z` and no zone at all have no digits. */
function offsetOf(zone: string, text: string): number {
  const hours = Number(zone.slice(1, 3))
  const minutes = Number(zone.slice(3))
  if (hours > 23 || minutes > 59) throw notDatetime(text)
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000
}

function notDatetime(text: string): Error {
  return evaluationError(`\`${text}\` is not a datetime`)
}

export function offsetDatetime(datetime: Datetime, duration: Duration): Datetime {
  return new Datetime(addLongs(datetime.milliseconds, duration.milliseconds, 'datetime'))
}

export function durationBetween(later: Datetime, earlier: Datetime): Duration {
  return new Duration(subtractLongs(later.milliseconds, earlier.milliseconds, 'duration'))
}

/** Midnight (UTC) of the day. */
export function dateOf(datetime: Datetime): Datetime {
  return new Datetime(long(floorDivide(datetime.milliseconds, DAY) * DAY, 'datetime'))
}

/** Time since midnight (UTC). */
export function timeOf(datetime: Datetime): Duration {
  const { milliseconds } = datetime
  return new Duration(long(BigInt(milliseconds) - floorDivide(milliseconds, DAY) * DAY))
}
