import type { Json } from '../core/json.ts'
import type { NewRecord } from '../core/record.ts'
import type { Journal } from './journal.ts'

/** Takes values that nobody may see out of whatever it is given; what holds none comes back itself. */
export interface RecordScrub {
  json<Value extends Json | undefined>(value: Value): Value
}

/**
 * The last door before the ledger: a known secret, in whatever form, goes into no record, also where whoever made the
 * record did not think of it. What units of work change beside records is not looked at.
 */
export function scrubbedJournal(journal: Journal, scrub: RecordScrub): Journal {
  return {
    commit: ({ records, changes }, urgency) =>
      journal.commit({ records: records.map((record) => scrubbed(record, scrub)), changes }, urgency),
  }
}

function scrubbed(record: NewRecord, scrub: RecordScrub): NewRecord {
  // A record is what JSON can say: it is written as that.
  return scrub.json(record as unknown as Json) as unknown as NewRecord
}
