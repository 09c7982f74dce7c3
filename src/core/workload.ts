/** What proves a process: a token of its CI, of its cluster, or a SPIFFE JWT-SVID. */
export const WORKLOAD_KINDS = ['github', 'gitlab', 'kubernetes', 'spiffe'] as const
export type WorkloadKind = (typeof WORKLOAD_KINDS)[number]

/** What the token of a workload may say, in words that are the same whoever issued it. */
export const WORKLOAD_CLAIMS = [
  'actor',
  'commit',
  'environment',
  'event',
  'namespace',
  'pipeline',
  'pod',
  'ref',
  'repository',
  'run',
  'serviceAccount',
  'trustDomain',
] as const
type WorkloadClaim = (typeof WORKLOAD_CLAIMS)[number]

/**
 * The process that started a task, as its verified token named it then: a fact of the task and of everything below it,
 * and never authority by itself. Policies see it as `context.workload`.
 */
export type Workload = {
  /** Name of the rule of the configuration that let it begin. */
  readonly name: string
  readonly kind: WorkloadKind
  /** Who vouched for it: a URL, or `spiffe://` and the trust domain. */
  readonly issuer: string
  /** `sub` of its token. */
  readonly subject: string
} & { readonly [C in WorkloadClaim]?: string }
