import type { ExportsStatus } from './export-contract.ts'
import type { LedgerAnswer } from './ledger-contract.ts'
import type { ReviewState } from './review-contract.ts'
import { z } from 'zod'
import type { Confinement } from '../core/confinement.ts'
import type { StoredRecord } from '../audit/record-reader.ts'
import type { Approval, ShownApproval } from '../core/approval.ts'
import type { PastDecision } from '../gate/explain-past-decision.ts'
import type { PendingChanges, PolicyReload } from '../gate/policy-control.ts'
import type { ServersReload } from '../gate/server-list.ts'
import type { Protection } from '../core/facts.ts'
import { ACTIONS, type Action } from '../core/actions.ts'
import { HOLDER } from '../core/holder.ts'
import { WIDENINGS } from '../core/widening.ts'
import type { Json } from '../core/json.ts'
import type { ToolReview } from '../gate/pins/review-tools.ts'
import type { TokenKeyView } from '../gate/key-control.ts'
import type { SecretView } from '../gate/secret-control.ts'
import { BUDGET_KINDS, ENVIRONMENTS, type Task } from '../core/identity.ts'
import { RECORD_KINDS } from '../core/record.ts'
import { SCOPE_DIMENSIONS } from '../core/scope.ts'
import { HALT_TARGETS, type Halt } from '../core/standing.ts'
import type { FleetCounts } from '../gate/fleet/list-fleet.ts'
import type { GlassReport, TaskBranch, TaskFlag } from '../gate/administration.ts'

export type { DemoApproverAnswer } from './demo-contract.ts'
export type { GrantAnswer, GrantsAnswer } from './grants-contract.ts'
export type { CoverAnswer, CoversAnswer } from './covers-contract.ts'
export type * from './erasure-contract.ts'
export type { FatigueAnswer } from './fatigue-contract.ts'
export type * from './fleet-contract.ts'
export type * from './review-contract.ts'
export type { PastAnswer } from './past-contract.ts'
export type { BlockReportAnswer, WhyAnswer } from './why-contract.ts'

/** What the admin plane hears and says: the one description that the server, the CLI and the console share. */

const patterns = z.array(z.string().min(1).max(512)).max(100)

const MEANINGS: Readonly<Record<(typeof SCOPE_DIMENSIONS)[number], string>> = {
  servers: 'Servers by key.',
  tools: 'Tools as `server__tool`.',
  actions: 'Actions in words of policy.',
  repositories: 'Repositories.',
  branches: 'Branches.',
  paths: 'Paths relative to the workspace; `*` stays in a folder, `**` does not.',
  hosts: 'Hosts that may be reached.',
}

/** The seven dimensions of a scope; one that is left out adds no limit, an empty list permits nothing. */
export const scopeSchema = z.strictObject(
  Object.fromEntries(
    SCOPE_DIMENSIONS.map((dimension) => [
      dimension,
      patterns.optional().meta({ description: MEANINGS[dimension] }),
    ]),
  ) as {
    [D in (typeof SCOPE_DIMENSIONS)[number]]: z.ZodOptional<typeof patterns>
  },
)

const name = z.string().min(1).max(128)
const text = z.string().min(1).max(2_000)
/** The key or certificate that is to hold a task. */
const holder = z
  .string()
  .regex(HOLDER, 'must be the thumbprint of a key, or `x5t#S256:` and that of a certificate')

/** `POST /tasks` */
export const createTaskBody = z.strictObject({
  workflow: name,
  intent: text,
  agent: z.strictObject({ id: name, kind: name }).optional(),
  scope: scopeSchema.optional(),
  environment: z.enum(ENVIRONMENTS).optional(),
  /** Absolute path. */
  workspace: z.string().min(1).max(4_096).optional(),
  /** Counts; `duration` in milliseconds. */
  budget: z
    .strictObject(
      Object.fromEntries(BUDGET_KINDS.map((kind) => [kind, z.int().min(0).optional()])) as {
        [K in (typeof BUDGET_KINDS)[number]]: z.ZodOptional<z.ZodInt>
      },
    )
    .optional(),
  /** Milliseconds. */
  lifetime: z.int().min(1_000).optional(),
  holder: holder.optional(),
  boxed: z.boolean().optional(),
})
export type CreateTaskBody = z.input<typeof createTaskBody>

/** `POST /delegate` on the agent plane: what a child is asked to be. */
export const delegateBody = createTaskBody.omit({ workflow: true, boxed: true })
export type DelegateBody = z.input<typeof delegateBody>

/** `POST /tasks/:id/renew`; the lifetime from now, in milliseconds. */
export const renewTaskBody = z.strictObject({ lifetime: z.int().min(1_000).optional() })
/** `POST /tasks/:id/token`: who is to hold the task from now on; neither = whoever does. */
export const tokenBody = z.strictObject({
  holder: holder.optional(),
  release: z.boolean().optional(),
  boxed: z.boolean().optional(),
})
/** `POST /tasks/:id/complete`, `POST /bind` on the agent plane */
export const emptyBody = z.strictObject({})
/** `POST /halts`, `POST /halts/lift` */
export const haltBody = z.strictObject({ target: z.enum(HALT_TARGETS), id: name, reason: text })

/** `POST /tasks/:id/revoke` */
export const revokeTaskBody = z.strictObject({ reason: text.default('revoked by hand') })
/** `POST /approvals/:id/approve` */
export const approveBody = z.strictObject({
  gate: name.optional(),
  /** Whose deputy agrees. */
  for: name.optional(),
  comment: text.optional(),
  /** For the rest of the task, where the request offers that. */
  grant: z.literal('task').optional(),
  /** Beside `grant`: along which axis, of those that the request offers. */
  widen: z.enum(WIDENINGS).optional(),
  /** What a passkey answered to `step_up_needed`; or the code once more, for who has none. */
  stepUp: z.strictObject({ assertion: z.json().optional(), code: z.string().max(256).optional() }).optional(),
})
/** `POST /approvals/:id/refuse` */
export const refuseBody = z.strictObject({ reason: text })
/** `POST /policy/accept` */
export const acceptPolicyBody = z.strictObject({
  hash: z.string().regex(/^[0-9a-f]{64}$/, 'must be the whole hash that `remit policy pending` shows'),
})
/** `POST /demo-approver` */
export const demoApproverBody = z.strictObject({ task: name })

/** `POST /secrets`. How long a value may be, and what may be in it, the store says. */
export const setSecretBody = z.strictObject({ name: z.string(), value: z.string() })
/** `POST /secrets/:name/rotate` */
export const secretValueBody = z.strictObject({ value: z.string() })
/** `POST /secrets/:name/remove` */
export const removeSecretBody = z.strictObject({ force: z.boolean().default(false) })

/** `POST /keys/rotate` */
export const rotateKeysBody = z.strictObject({ compromised: z.boolean().default(false) })

/** `POST /servers/:server/connect`; `scope`: asked for beside the usual ones, apart by spaces. */
export const connectStartBody = z.strictObject({
  scope: z
    .string()
    .max(1_024)
    .regex(/^[\x21\x23-\x5B\x5D-\x7E]+( [\x21\x23-\x5B\x5D-\x7E]+)*$/)
    .optional(),
})
/** `POST /servers/:server/connect/finish` */
export const connectFinishBody = z.strictObject({ flow: name, number: name })
/** `POST /servers/:server/disconnect` */
export const disconnectBody = z.strictObject({ human: name.optional() })

const action = z.enum(Object.keys(ACTIONS) as [Action, ...Action[]])

export const reviewToolsQuery = z.strictObject({ server: name.optional() })
/** `POST /servers/:server/review`: one word on the definition that has this digest. */
export const decideToolBody = z.discriminatedUnion('verdict', [
  z.strictObject({
    verdict: z.literal('approve'),
    tool: z.string().min(1).max(1_024),
    digest: name,
    /** What the tool does, in words of policy, where the gateway's own reading is wrong. */
    actions: z.array(action).min(1).optional(),
  }),
  z.strictObject({
    verdict: z.literal('refuse'),
    tool: z.string().min(1).max(1_024),
    digest: name,
    reason: text,
  }),
])
export type DecideToolBody = z.input<typeof decideToolBody>

const limit = z.coerce.number().int().min(1).max(10_000)

export const listTasksQuery = z.strictObject({ limit: limit.default(100) })
export const listApprovalsQuery = z.strictObject({
  state: z.enum(['pending', 'granted', 'refused', 'expired', 'cancelled', 'used']).optional(),
  limit: limit.default(100),
})
export const watchApprovalsQuery = z.strictObject({
  since: z.coerce.number().int().min(0).default(0),
  /** Milliseconds to wait for a change. */
  timeout: z.coerce.number().int().min(0).max(60_000).default(25_000),
})
export const recordsQuery = z.strictObject({
  task: name.optional(),
  kind: z.enum(RECORD_KINDS).optional(),
  id: name.optional(),
  after: z.coerce.number().int().min(-1).optional(),
  before: z.coerce.number().int().min(0).optional(),
  who: name.optional(),
  /** `server`, `tool` or `server__tool`. */
  tool: z.string().min(1).max(1_024).optional(),
  effect: z.enum(['allow', 'consent', 'deny']).optional(),
  policy: z.string().min(1).max(256).optional(),
  /** Milliseconds since the epoch, as `until`. */
  from: z.coerce.number().int().min(0).optional(),
  until: z.coerce.number().int().min(0).optional(),
  limit: limit.default(100),
})

export interface ErrorAnswer {
  readonly error: {
    readonly code: string
    readonly message: string
    readonly data?: { readonly [key: string]: Json }
  }
}
export interface TaskAnswer {
  readonly task: Task
  /** `GET /tasks/:id`: what its human should look at. */
  readonly flag?: TaskFlag
}
export interface TasksAnswer {
  readonly tasks: readonly Task[]
}
/** `GET /tasks/:id/tree` */
export interface TaskTreeAnswer {
  readonly tree: TaskBranch
}
export interface GlassAnswer {
  readonly glass: readonly GlassReport[]
}
export interface HaltAnswer {
  readonly halt: Halt
}
export interface HaltsAnswer {
  readonly halts: readonly Halt[]
}
export interface IssuedTaskAnswer {
  readonly task: Task
  /** Shown once, stored nowhere. */
  readonly token: string
  readonly url: string
}
export interface ApprovalAnswer {
  /** `past` only in the answer of `GET /approvals/:id`. */
  readonly approval: ShownApproval
}
export interface ApprovalsAnswer {
  readonly approvals: readonly Approval[]
  /** `GET /approvals`: trees of tasks that ask more than they may. */
  readonly flagged?: readonly TaskFlag[]
}
/** `POST /servers/:server/connect` */
export interface ConnectStartAnswer {
  readonly flow: string
  readonly url: string
}
export interface SecretAnswer {
  readonly secret: SecretView
}
export interface SecretsAnswer {
  readonly secrets: readonly SecretView[]
}
/** `GET /keys`, `POST /keys/rotate` */
export interface KeysAnswer {
  readonly keys: readonly TokenKeyView[]
}
/** `POST /secrets/reseal` */
export interface SecretsResealedAnswer {
  /** How many were under another key. */
  readonly resealed: number
}
export interface WatchAnswer extends ApprovalsAnswer {
  /** True = everything that is pending, not only what changed. */
  readonly whole: boolean
  readonly cursor: number
}
export interface RecordsAnswer {
  readonly records: readonly StoredRecord[]
  /** Of a search by more than `task`, `kind` and `id`: `before` of the next question, where there is more to look at. */
  readonly next?: number
}
/** `POST /policy/reload`, `POST /policy/accept` */
export type ReloadAnswer = PolicyReload
/** `GET /policy/pending` */
export type PendingAnswer = PendingChanges

/** `GET /explain/:id` */
export type ExplainAnswer = PastDecision

export interface HeadAnswer {
  readonly tenant: string
  readonly size: number
  readonly checkpoint?: string
}

export interface ServerAnswer {
  readonly key: string
  readonly transport: 'stdio' | 'http'
  readonly state: 'idle' | 'up' | 'down'
  readonly restarts: number
  /** Tools that wait for a review. */
  readonly waiting: number
  /** Tools that it is known by: usable, and not. */
  readonly tools: { readonly on: number; readonly off: number }
  /** Revision of MCP that it speaks, as far as is known. */
  readonly era?: 'legacy' | 'modern'
  readonly lastError?: string
  /** Milliseconds until the gateway tries by itself to reach a server that could not be reached. */
  readonly nextTry?: number
  /** Of a program: whether it runs in a sandbox, and if not why. */
  readonly confinement?: Confinement
  readonly owner?: string
  readonly purpose?: string
}
export interface ToolReviewsAnswer {
  readonly tools: readonly ToolReview[]
}
export interface ToolReviewAnswer {
  readonly tool: ToolReview
}
/** `POST /servers/check` */
export type ServerCheck = {
  readonly key: string
  readonly notes: readonly string[]
  readonly confinement?: Confinement
} & (
  | {
      readonly ok: true
      readonly era: string
      readonly protocolVersion: string
      readonly tools: number
      /** Tools that are off. */
      readonly pending: number
      readonly refused: number
      readonly millis: number
    }
  | {
      readonly ok: false
      readonly error: string
      /** Milliseconds until the gateway tries again by itself. */
      readonly nextTry?: number
    }
)
export interface ServerChecksAnswer {
  readonly servers: readonly ServerCheck[]
}
/** `POST /servers/check`: one server, or all. */
export const checkServersBody = z.strictObject({ server: name.optional() })
/** `POST /servers/reload` */
export type ServersReloadAnswer = ServersReload
export interface ServersAnswer {
  readonly servers: readonly ServerAnswer[]
}

/** `GET /status` */
export interface StatusAnswer extends ExportsStatus {
  readonly running: true
  readonly ready: boolean
  readonly version: string
  readonly node: string
  readonly pid: number
  /** RFC 3339. */
  readonly started: string
  readonly tenant: string
  readonly planes: { readonly agent: string; readonly admin: string }
  readonly protection: { readonly level: Protection; readonly reason: string }
  readonly policy: {
    readonly hash: string
    readonly policies: number
    /** What becomes of a change that may loosen. */
    readonly loosening: 'allowed' | 'second-person'
    /** Hashes of changes that wait for a second person. */
    readonly waiting: readonly string[]
  }
  /** Rules that are only observed now, each with the RFC 3339 time when they are enforced again. */
  readonly observing: readonly { readonly what: string; readonly until: string }[]
  readonly servers: readonly ServerAnswer[]
  /** How the configuration file stands to what the gateway does. */
  readonly config: {
    readonly file?: string
    /** Why what it says now of servers is not in force. */
    readonly refused?: string
    /** Keys at its top that changed since the start and wait for a restart. */
    readonly needsRestart: readonly string[]
  }
  readonly approvals: { readonly pending: number }
  readonly fleet: FleetCounts
  readonly review: ReviewState
  readonly ledger: LedgerAnswer
  readonly demo: boolean
}

/** `GET /readyz`: 200 when every check is ok, else 503. */
export interface ReadyAnswer {
  readonly ready: boolean
  readonly checks: readonly { readonly name: string; readonly ok: boolean }[]
}
