import { z } from 'zod'
import type { FatigueReport } from '../gate/fatigue-report.ts'

/** `GET /approvals/report`; milliseconds since the epoch. */
export const fatigueQuery = z.strictObject({
  from: z.coerce.number().int().min(0).optional(),
  until: z.coerce.number().int().min(0).optional(),
})
/** `GET /approvals/report` */
export type FatigueAnswer = FatigueReport
