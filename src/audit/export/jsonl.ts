import type { RecordMapper } from './export-format.ts'

/** `{index, …envelope, detail?, payload?}`: the record as `remit audit tail --json` prints it. */
export const jsonlLine: RecordMapper = ({ index, envelope, detail, payload }, { content }) =>
  JSON.stringify({ index, ...envelope, ...(content ? { detail, payload } : {}) })
