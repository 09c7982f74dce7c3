import { RemitError } from '../core/errors.ts'
import { newId, type HumanId, type TaskId, type TenantId } from '../core/ids.ts'
import type { Agent, Environment, Human, Task } from '../core/identity.ts'
import { narrow } from '../core/narrow.ts'
import type { StoredOAuthEntry } from '../core/oauth-entry.ts'
import type { Scope } from '../core/scope.ts'
import { haltOf } from '../core/standing.ts'
import type { Presentation } from '../core/showing.ts'
import { claimText } from '../identity/claim-rules.ts'
import { makeTask } from '../identity/make-task.ts'
import type { VerifiedWorkload } from '../identity/verify-workload.ts'
import type { WorkloadRule } from '../identity/workload-rule.ts'
import type { IssuedTask, TaskRequest } from './administration.ts'
import type { AdministrationDeps } from './administration-deps.ts'
import { haltedError } from './identify.ts'
import { ANY_AGENT, templateOf, whileStanding } from './manage-tasks.ts'
import { shownHolder } from './shown-holder.ts'
import { taskRecord } from './task-records.ts'

/** What a workload asks for beside its token. Whatever is left out, its rule and the workflow say. */
export interface WorkloadRequest extends Omit<TaskRequest, 'workflow'> {
  /** Must be the one of the rule. */
  readonly workflow?: string
  /** Name of the rule; absent = the first that fits the token. */
  readonly workload?: string
}

export interface WorkloadTasks {
  /**
   * A root task for the bearer of a workload token: of the workflow that its rule names, for the human whom the rule
   * finds, recorded with what the token said. A token begins as many tasks as its rule says. The key that is shown holds
   * the task from its beginning, else the `holder` that is asked for, else the certificate of the connection.
   * @throws RemitError `proof_*`, `certificate_*`, `token_missing`, `token_invalid`, `token_expired`, `token_audience`, `workload_refused`,
   * `scope_wider`, `input_invalid`, `task_halted`, `upstream_unavailable`.
   */
  start(token: string, request: WorkloadRequest, showing?: Presentation): Promise<IssuedTask>
}

interface WorkloadDeps extends AdministrationDeps {
  readonly verifyWorkload: (token: string, name: string | undefined) => Promise<VerifiedWorkload>
  /** Which uses of tokens are taken. */
  readonly uses: {
    get(tenant: TenantId, model: string, id: string): Promise<StoredOAuthEntry | undefined>
  }
}

/** Under what the uses of tokens are kept, until the token is refused for its age. */
const MODEL = 'WorkloadUse'
/** A verified token of a laptop or a sandbox says nothing of where it is now, and a sandbox is proved by its walls. */
const PROVED: ReadonlySet<Environment> = new Set(['ci', 'staging', 'production'])

export function createWorkloadTasks(deps: WorkloadDeps): WorkloadTasks {
  return {
    async start(token, request, showing) {
      const verified = await deps.verifyWorkload(token, request.workload)
      const holder = firstHolder(deps, { token, showing, request })
      const task = taskOf(deps, verified, { ...request, ...(holder === undefined ? {} : { holder }) })
      await insert(deps, verified, task)
      return { task, token: await deps.mintToken({ task, ancestors: [] }), url: deps.mcpUrl }
    },
  }
}

/** @throws RemitError `proof_*`, `certificate_*`, `input_invalid`. */
function firstHolder(
  deps: WorkloadDeps,
  of: {
    readonly token: string
    readonly showing: Presentation | undefined
    readonly request: WorkloadRequest
  },
): string | undefined {
  const named = of.showing === undefined || ('certificate' in of.showing && of.request.holder !== undefined)
  if (named) return of.request.holder
  const holder = shownHolder(deps, of.showing, { token: of.token })
  if (of.request.holder === undefined || of.request.holder === holder) return holder
  throw new RemitError(
    'input_invalid',
    'the proof is of another key than the one that is to hold the task; leave one of them out',
  )
}

function taskOf(deps: WorkloadDeps, verified: VerifiedWorkload, request: WorkloadRequest): Task {
  const { rule, workload } = verified
  checkWish(rule, request)
  const template = templateOf(deps, rule.workflow)
  const human = humanOf(deps, verified, template.owner)
  const made = makeTask(
    {
      ...request,
      workflow: rule.workflow,
      environment: rule.environment,
      agent: agentOf(rule, request),
      ...lifetimeOf(rule, request),
    },
    {
      template,
      human: human.id,
      teams: human.teams,
      tenant: deps.settings.tenant,
      id: newId('tsk', deps.entropy.bytes(16)) as TaskId,
      now: deps.clock.now(),
      origin: 'workload',
    },
  )
  const end = rule.endsWithToken ? Number(verified.payload.exp) * 1_000 : Infinity
  return {
    ...made,
    scope: scopeOf(verified, made.scope),
    environmentProved: PROVED.has(rule.environment),
    expires: Math.min(made.expires, end),
    workload,
  }
}

function checkWish(rule: WorkloadRule, { workflow, environment }: WorkloadRequest): void {
  if (workflow !== undefined && workflow !== rule.workflow) {
    throw refused(rule, `starts tasks of \`${rule.workflow}\`, not of \`${workflow}\``)
  }
  if (environment !== undefined && environment !== rule.environment) {
    throw refused(rule, `starts tasks in \`${rule.environment}\`, not in \`${environment}\``)
  }
}

/** Nobody is guessed: where the rule names a claim, an actor that it does not map begins nothing. */
function humanOf(deps: WorkloadDeps, { rule, payload }: VerifiedWorkload, owner: HumanId | undefined): Human {
  const { human } = rule
  const actor = human === undefined ? undefined : claimText(payload, human.claim)
  const id = human === undefined ? owner : human.map.get(actor ?? '')
  if (id === undefined) {
    if (human === undefined) {
      throw refused(
        rule,
        `names nobody: give it \`human\`, or the workflow \`${rule.workflow}\` an \`owner\``,
      )
    }
    const who =
      actor === undefined
        ? `the token has no \`${human.claim}\``
        : `\`${actor.slice(0, 200)}\` is nobody in \`human.map\``
    throw refused(rule, `starts tasks for people that it knows, and ${who}`)
  }
  const found = deps.humans.find(deps.settings.tenant, id)
  if (found === undefined) throw refused(rule, `names \`${id}\`, who is not in \`humans\``)
  return found
}

function agentOf(rule: WorkloadRule, { agent }: WorkloadRequest): Agent {
  const { agents } = rule
  if (agents === undefined) return agent ?? ANY_AGENT
  const [only, ...others] = agents
  if (agent === undefined && only !== undefined && others.length === 0) return { id: only, kind: only }
  if (agent !== undefined && agents.includes(agent.kind)) return agent
  const which = agent === undefined ? 'and none was named' : `not of \`${agent.kind}\``
  throw refused(rule, `starts tasks of the agents ${agents.join(', ')}, ${which}`)
}

function lifetimeOf(rule: WorkloadRule, { lifetime }: WorkloadRequest): { readonly lifetime?: number } {
  if (lifetime !== undefined && rule.lifetime !== undefined && lifetime > rule.lifetime) {
    throw refused(rule, `starts tasks that live ${Math.floor(rule.lifetime / 1_000)} s at most`)
  }
  const given = lifetime ?? rule.lifetime
  return given === undefined ? {} : { lifetime: given }
}

/** Within what the rule says, and where it says so within the repository that the token is of. */
function scopeOf({ rule, workload }: VerifiedWorkload, scope: Scope): Scope {
  const { repository } = workload
  const own =
    rule.ownRepository === undefined || repository === undefined
      ? {}
      : { repositories: [`${rule.ownRepository}${repository}`.toLowerCase()] }
  let within = scope
  for (const limit of [rule.scope, own]) {
    const narrowed = narrow(limit, within)
    if ('refused' in narrowed) {
      const [{ dimension, pattern, allowed } = { dimension: '', pattern: '', allowed: [] }] = narrowed.refused
      throw new RemitError(
        'scope_wider',
        `\`${pattern}\` in \`${dimension}\` goes beyond what \`workloads.${rule.name}\` may start (allowed: ${allowed.map((each) => `\`${each}\``).join(', ') || 'nothing'})`,
      )
    }
    within = narrowed.scope
  }
  return within
}

/** Task, record and the use of the token at once: of two who use the last one, one gets a task. */
async function insert(deps: WorkloadDeps, verified: VerifiedWorkload, task: Task): Promise<void> {
  const { tenant } = deps.settings
  const chain = { task, ancestors: [] }
  const { rule, workload } = verified
  await whileStanding(deps, async (revision) => {
    const halt = haltOf(await deps.tasks.standing(tenant), chain)
    if (halt !== undefined) throw haltedError(halt)
    const id = await freeUse(deps, verified)
    const at = deps.clock.now()
    const entry = { tenant, model: MODEL, id, at, expires: verified.expires, body: '{}' }
    const record = taskRecord(deps, chain, {
      kind: 'task.created',
      actor: `workload:${rule.name}`,
      credential: 'workload',
      data: { workload: { kind: workload.kind, name: workload.name } },
    })
    return deps.journal.commit({
      records: [record],
      changes: [
        { kind: 'expect-standing', tenant, revision },
        { kind: 'put-oauth', entry },
        { kind: 'consume-oauth', tenant, model: MODEL, id, at },
        { kind: 'insert-task', task },
      ],
    })
  })
}

/** @throws RemitError `token_invalid` when the token has begun as many tasks as it may. */
async function freeUse(deps: WorkloadDeps, { rule, use }: VerifiedWorkload): Promise<string> {
  for (let count = 1; count <= rule.tasksPerToken; count += 1) {
    const id = `${use}.${count}`
    if ((await deps.uses.get(deps.settings.tenant, MODEL, id)) === undefined) return id
  }
  throw new RemitError(
    'token_invalid',
    rule.tasksPerToken === 1
      ? 'the workload token has begun a task already; get a new one from its issuer'
      : `the workload token has begun ${rule.tasksPerToken} tasks already; get a new one from its issuer`,
  )
}

function refused({ name }: Pick<WorkloadRule, 'name'>, why: string): RemitError {
  return new RemitError('workload_refused', `\`workloads.${name}\` in remit.yaml ${why}`)
}
