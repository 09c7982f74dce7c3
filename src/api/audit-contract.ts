import { z } from 'zod'
import type { CountedPage, FoundPage } from '../audit/record-search.ts'

export type { ViewAnswer, ViewsAnswer } from './views-contract.ts'

/** `GET /records/query` */
export const auditQuery = z.strictObject({
  /** In the language of docs/audit.md; empty = everything. */
  q: z.string().max(4_096).default(''),
  /** `next` of the page before. */
  past: z.coerce.number().int().min(0).optional(),
  /** Only records with a larger index. */
  after: z.coerce.number().int().min(-1).optional(),
  /** Where the query names no limit. */
  limit: z.coerce.number().int().min(1).max(10_000).default(100),
  /** The number of records in place of the records. */
  count: z.literal('yes').optional(),
})

export type AuditQueryAnswer = FoundPage
export type AuditCountAnswer = CountedPage
