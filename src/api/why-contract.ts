import { z } from 'zod'

/** `GET /why/:id` */
export type { WhyAnswer } from '../gate/why/why-answer.ts'

/** `POST /why/:id/report`: what somebody does not understand about it. */
export const reportBlockBody = z.strictObject({ text: z.string().trim().min(1).max(2_000) })

/** `POST /why/:id/report` */
export interface BlockReportAnswer {
  readonly report: string
  readonly decision: string
}
