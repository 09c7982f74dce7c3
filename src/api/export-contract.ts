import { z } from 'zod'
import { EXPORT_FORMATS } from '../core/export-formats.ts'
import { RECORD_KINDS } from '../core/record.ts'
import type { ExportedPage } from '../gate/export-records.ts'

const time = z.coerce.number().int().min(0)

/** `GET /records/export`: one page; `after` is the `next` of the page before. */
export const exportQuery = z.strictObject({
  format: z.enum([...EXPORT_FORMATS, 'ledger']),
  after: z.coerce.number().int().min(-1).default(-1),
  before: time.default(Number.MAX_SAFE_INTEGER),
  /** Milliseconds since the epoch, as `until`. */
  from: time.optional(),
  until: time.optional(),
  /** Apart by commas. */
  kinds: z
    .string()
    .max(4_096)
    .transform((text) => text.split(','))
    .pipe(z.array(z.enum(RECORD_KINDS)))
    .optional(),
  content: z.enum(['true', 'false']).default('false'),
  /** `true` = whoever asks reads the files, and only says so: no records are answered. */
  offline: z.enum(['true', 'false']).default('false'),
})

export type ExportAnswer = ExportedPage

/** How a place that the ledger is streamed to stands. */
interface ExportStanding {
  readonly name: string
  readonly place: string
  /** Records that it may not have. */
  readonly lag: number
  readonly failures: number
  readonly lastError?: string
  /** What it never got, and why. */
  readonly remark?: string
}

/** Of `GET /status`. */
export interface ExportsStatus {
  readonly exports: readonly ExportStanding[]
}
