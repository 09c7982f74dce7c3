import { asRemitError, RemitError } from '../core/errors.ts'
import type { HumanId, TaskId, TenantId } from '../core/ids.ts'
import {
  ENVIRONMENTS,
  BUDGET_KINDS,
  type Agent,
  type Budget,
  type Environment,
  type Task,
  type TaskOrigin,
} from '../core/identity.ts'
import { heldCertificate, HOLDER } from '../core/holder.ts'
import { narrow } from '../core/narrow.ts'
import { SCOPE_DIMENSIONS, type Scope, type ScopeDimension } from '../core/scope.ts'
import type { TeamLimits, WorkflowTemplate } from './workflow.ts'

/** What a new task is asked to be. */
export interface NewTask {
  readonly workflow: string
  readonly intent: string
  readonly agent: Agent
  readonly scope?: Scope
  readonly environment?: Environment
  /** Absolute path. */
  readonly workspace?: string
  readonly budget?: Budget
  /** Milliseconds. */
  readonly lifetime?: number
  /** The key or certificate that is to hold it: `core/holder.ts`. */
  readonly holder?: string
}

export interface TaskMaking {
  readonly template: WorkflowTemplate
  readonly human: HumanId
  /** Of the human, now; only a workflow that is for some teams asks. */
  readonly teams?: readonly string[]
  readonly tenant: TenantId
  readonly id: TaskId
  /** Milliseconds since the epoch. */
  readonly now: number
  readonly origin: TaskOrigin
  readonly parent?: Task
}

const MAX_INTENT = 2_000
const MAX_PATTERNS = 100
const MAX_PATTERN = 512
const MIN_LIFETIME = 1_000

/**
 * A task as its maker asked for it, never wider than its workflow and its parent allow.
 * @throws RemitError `input_invalid` for what cannot be, `scope_wider` for what goes beyond a limit.
 */
export function makeTask(request: NewTask, making: TaskMaking): Task {
  const { parent } = making
  checkText(request)
  const workspace = request.workspace ?? parent?.workspace
  const { scope, budget } = withinTeam(request, making)
  const created = making.now
  return {
    tenant: making.tenant,
    id: making.id,
    human: making.human,
    agent: { id: request.agent.id, kind: request.agent.kind },
    workflow: request.workflow,
    intent: request.intent.trim(),
    scope,
    environment: environmentOf(request, making),
    environmentProved: false,
    ...(workspace === undefined ? {} : { workspace: checkedWorkspace(workspace, parent) }),
    budget,
    origin: making.origin,
    created,
    expires: Math.min(expiryOf(request.lifetime, making), created + (budget.duration ?? Infinity)),
    ...(parent === undefined ? {} : { parent: checkedParent(parent, making).id }),
    ...(request.holder === undefined ? {} : { holder: checkedHolder(request.holder) }),
  }
}

function checkText(request: NewTask): void {
  const intent = request.intent.trim()
  if (intent === '') throw invalid('a task needs an intent: say in a sentence what it is for')
  if (intent.length > MAX_INTENT)
    throw invalid(`the intent is longer than ${MAX_INTENT} characters; shorten it`)
  if (!request.intent.isWellFormed()) throw invalid('the intent is not well-formed Unicode')
  for (const name of [request.agent.id, request.agent.kind, request.workflow]) {
    if (!/^[A-Za-z0-9][A-Za-z0-9._@+-]{0,127}$/.test(name)) {
      throw invalid(`\`${name}\` is not a name; use letters, digits and \`.\`, \`_\`, \`-\`, \`@\`, \`+\``)
    }
  }
}

/**
 * Scope and budget within the first team's limits that hold what is asked. A child is within its parent, which was within
 * a team's.
 */
function withinTeam(
  request: NewTask,
  { template, parent, teams = [] }: TaskMaking,
): { readonly scope: Scope; readonly budget: Budget } {
  const within = (limits?: TeamLimits): { readonly scope: Scope; readonly budget: Budget } => ({
    scope: effectiveScope(request.scope ?? {}, template, [parent?.scope, template.ceiling, limits?.ceiling]),
    budget: budgetOf(request.budget ?? {}, [template.budget, parent?.budget ?? {}, limits?.budget ?? {}]),
  })
  if (template.teams === undefined || parent !== undefined) return within()
  const own = template.teams.filter(({ team }) => teams.includes(team))
  const refusals: RemitError[] = []
  for (const limits of own) {
    try {
      return within(limits)
    } catch (error) {
      refusals.push(asRemitError(error))
    }
  }
  const [first] = refusals
  if (first !== undefined) throw first
  const names = template.teams.map(({ team }) => `\`${team}\``).join(', ')
  throw new RemitError('scope_wider', `the workflow \`${request.workflow}\` is for people of ${names}`)
}

/** Asked ▸ template's default ▸ no limit, dimension by dimension; then inside the ceiling and the parent. */
function effectiveScope(
  asked: Scope,
  template: WorkflowTemplate,
  [parent, ...ceilings]: readonly (Scope | undefined)[],
): Scope {
  checkPatterns(asked)
  // What a child leaves out is its parent's, which is narrower than any default already.
  let scope: Scope = parent === undefined ? { ...template.scope, ...asked } : asked
  for (const limit of [parent, ...ceilings]) {
    if (limit === undefined) continue
    const narrowed = narrow(limit, scope)
    if ('refused' in narrowed) throw wider(narrowed.refused)
    scope = narrowed.scope
  }
  return scope
}

function checkPatterns(scope: Scope): void {
  for (const dimension of Object.keys(scope)) {
    if (!(SCOPE_DIMENSIONS as readonly string[]).includes(dimension)) {
      throw invalid(`a scope has no \`${dimension}\`; it has ${SCOPE_DIMENSIONS.join(', ')}`)
    }
    const patterns = scope[dimension as ScopeDimension] ?? []
    if (patterns.length > MAX_PATTERNS)
      throw invalid(`\`${dimension}\` has more than ${MAX_PATTERNS} patterns`)
    for (const pattern of patterns) {
      if (pattern === '' || pattern.length > MAX_PATTERN || !pattern.isWellFormed()) {
        throw invalid(`a pattern of \`${dimension}\` must have 1 to ${MAX_PATTERN} characters`)
      }
    }
  }
  for (const path of scope.paths ?? []) {
    if (path.startsWith('/') || /(^|\/)\.{1,2}(\/|$)/.test(path.replace(/^\.$/, ''))) {
      throw invalid(
        `the path pattern \`${path}\` can match nothing; write it relative to the workspace, like \`src/**\``,
      )
    }
  }
}

function wider(
  refused: readonly { dimension: string; pattern: string; allowed: readonly string[] }[],
): RemitError {
  const words = refused.map(
    ({ dimension, pattern, allowed }) =>
      `\`${pattern}\` in \`${dimension}\` (allowed: ${allowed.map((text) => `\`${text}\``).join(', ') || 'nothing'})`,
  )
  return new RemitError(
    'scope_wider',
    `the scope asked for goes beyond what may be delegated: ${words.join('; ')}`,
  )
}

function environmentOf(request: NewTask, { template, parent }: TaskMaking): Environment {
  const environment = request.environment ?? parent?.environment ?? template.environment
  if (!ENVIRONMENTS.includes(environment)) {
    throw invalid(`no environment \`${environment as string}\`; use one of ${ENVIRONMENTS.join(', ')}`)
  }
  if (parent !== undefined && environment !== parent.environment) {
    throw new RemitError('scope_wider', `a task runs where its parent does: \`${parent.environment}\``)
  }
  return environment
}

function checkedWorkspace(workspace: string, parent: Task | undefined): string {
  if (!/^(\/|[A-Za-z]:[\\/])/.test(workspace) || workspace.includes('\0')) {
    throw invalid(`the workspace \`${workspace}\` must be an absolute path`)
  }
  if (parent !== undefined && parent.workspace !== workspace) {
    throw new RemitError('scope_wider', 'a task works in the workspace of its parent; leave `workspace` out')
  }
  return workspace
}

/** @throws RemitError `input_invalid`. */
export function checkedHolder(holder: string): string {
  const thumbprint = heldCertificate(holder) ?? holder
  if (Buffer.from(thumbprint, 'base64url').length === 32 && HOLDER.test(holder)) return holder
  throw invalid(
    'a key is named by its thumbprint, SHA-256 in Base64url (RFC 7638), and a certificate by `x5t#S256:` and its own',
  )
}

/** The smallest limit of each kind; asking for more than a limit is refused, not cut, so that nobody is surprised. */
function budgetOf(asked: Budget, limits: readonly Budget[]): Budget {
  const budget: { -readonly [K in keyof Budget]: Budget[K] } = {}
  for (const kind of BUDGET_KINDS) {
    const wanted = asked[kind]
    if (wanted !== undefined && !(Number.isSafeInteger(wanted) && wanted >= 0)) {
      throw invalid(`the budget of ${kind} must be a whole number`)
    }
    const limit = Math.min(...limits.map((one) => one[kind] ?? Number.POSITIVE_INFINITY))
    if (wanted !== undefined && wanted > limit) {
      throw new RemitError('scope_wider', `the budget of \`${wanted}\` ${kind} is over the limit of ${limit}`)
    }
    const effective = wanted ?? limit
    if (Number.isFinite(effective)) budget[kind] = effective
  }
  return budget
}

function expiryOf(asked: number | undefined, { template, parent, now }: TaskMaking): number {
  if (asked !== undefined && !(Number.isSafeInteger(asked) && asked >= MIN_LIFETIME)) {
    throw invalid('the lifetime of a task must be at least one second')
  }
  if (asked !== undefined && asked > template.maxLifetime) {
    throw new RemitError(
      'scope_wider',
      `the lifetime is over this workflow’s limit of ${Math.floor(template.maxLifetime / 1_000)} s`,
    )
  }
  const expires = now + Math.min(asked ?? template.lifetime, template.maxLifetime)
  return parent === undefined ? expires : Math.min(expires, parent.expires)
}

function checkedParent(parent: Task, { tenant, human, now, id }: TaskMaking): Task {
  if (parent.tenant !== tenant || parent.human !== human || parent.id === id) {
    throw invalid('a task keeps the tenant and the human of its parent')
  }
  if (parent.revoked !== undefined || now >= parent.expires) {
    throw invalid(`the task \`${parent.id}\` has ended; nothing can be delegated from it`)
  }
  return parent
}

function invalid(message: string): RemitError {
  return new RemitError('input_invalid', message)
}
