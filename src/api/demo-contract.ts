/** `POST /demo-approver` */
export interface DemoApproverAnswer {
  readonly human: string
  readonly task: string
  /** Approver code, good for approvals of this task only and until the gateway stops. */
  readonly code: string
  readonly notice: string
}
