import type { Facts } from '../core/facts.ts'
import { ENVIRONMENTS, TASK_STATES, type Human, type Task } from '../core/identity.ts'
import { isJsonObject, type Json } from '../core/json.ts'
import { LABELS, type Label } from '../core/labels.ts'
import { LOOP_STATES } from '../core/loop.ts'
import { operationText, type Operation } from '../core/operation.ts'
import { CALL_KINDS } from '../core/tool-call.ts'
import type { ChangeSearch } from './find-changes.ts'
import type { DecisionRequest } from './policy-set.ts'

/** One thing that could be otherwise, in the words that follow `if`. */
export interface PossibleChange {
  readonly text: string
  readonly apply: (request: DecisionRequest) => DecisionRequest
}

const HOUR = 3_600_000

/** Every single change worth trying, those that people can bring about most easily first. */
export function possibleChanges(request: DecisionRequest, search: ChangeSearch): readonly PossibleChange[] {
  return [
    ...approvals(search),
    ...outside(request),
    ...factChanges(request.facts),
    ...ofOperations(request),
    ...people(request, search),
    ...times(request),
  ]
}

function withFacts(facts: Partial<Facts>): PossibleChange['apply'] {
  return (request) => ({ ...request, facts: { ...request.facts, ...facts } })
}

function withTask(task: Partial<Task>): PossibleChange['apply'] {
  return (request) => ({
    ...request,
    chain: { ...request.chain, task: { ...request.chain.task, ...task } },
  })
}

function withOperation(position: number, change: Partial<Operation>): PossibleChange['apply'] {
  return (request) => ({
    ...request,
    operations: request.operations.map((operation, index) =>
      index === position ? { ...operation, ...change } : operation,
    ),
  })
}

/** Every open gate must be closed, so all of them are one change. */
function approvals({ decision }: ChangeSearch): readonly PossibleChange[] {
  const scopes = [...new Set(decision.gates.map(({ scope }) => scope))]
  if (scopes.length === 0) return []
  const [first = ''] = scopes
  const what =
    scopes.length === 1
      ? `an approval for \`${first}\``
      : `approvals for ${scopes.map((scope) => `\`${scope}\``).join(' and ')}`
  const mayLast = decision.gates.every(({ grant }) => grant === 'task')
  const text = `${what} existed${mayLast ? ', for this call or for the task' : ''}`
  return [
    {
      text,
      apply: (request) => withFacts({ approvals: [...request.facts.approvals, ...scopes] })(request),
    },
  ]
}

function outside({ facts, operations }: DecisionRequest): readonly PossibleChange[] {
  return facts.outside.flatMap((dimensions, position) => {
    const operation = operations[position]
    if (dimensions.length === 0 || operation === undefined) return []
    return [
      {
        text: `\`${operationText(operation)}\` were inside the scope of the task (${dimensions.join(', ')})`,
        apply: (request) =>
          withFacts({
            outside: request.facts.outside.map((each, index) => (index === position ? [] : each)),
          })(request),
      },
    ]
  })
}

/** Facts of the call, each with the values that it could have instead. */
function factChanges(facts: Facts): readonly PossibleChange[] {
  const { history } = facts
  const switches: readonly (readonly [keyof Facts, when: string, unless: string])[] = [
    [
      'pinned',
      'the tool’s definition were the one on record',
      'the tool’s definition were not the one on record',
    ],
    ['sandboxed', 'it ran in a proved sandbox', 'it did not run in a proved sandbox'],
    ['inferred', 'the tool were classified by inference', 'the tool were in the catalogue'],
    ['budgetExhausted', 'the budget were used up', 'the budget were not used up'],
    ['holderBound', 'the token came with proof of possession', 'the token came without proof of possession'],
    ['hooked', 'the agent’s hooks reported here', 'the agent’s hooks did not report here'],
  ]
  const choices: readonly (readonly [keyof Facts, readonly string[]])[] = [
    ['protection', ['advisory', 'enforced']],
    ['taskState', [...TASK_STATES, 'halted']],
    ['loop', LOOP_STATES],
    ['door', ['mcp', 'hook', 'egress', 'authzen', 'workspace']],
    ['kind', CALL_KINDS],
  ]
  return [
    ...switches.map(([name, when, unless]) => ({
      text: facts[name] === true ? unless : when,
      apply: withFacts({ [name]: facts[name] !== true }),
    })),
    ...ENVIRONMENTS.map((environment) => ({
      text: `the environment were a proved \`${environment}\``,
      apply: (request: DecisionRequest) =>
        withTask({ environment, environmentProved: true })(withFacts({ environment })(request)),
    })),
    ...choices.flatMap(([name, values]) =>
      values
        .filter((value) => value !== facts[name])
        .map((value) => ({
          text: `\`context.${name}\` were "${value}"`,
          apply: withFacts({ [name]: value }),
        })),
    ),
    ...(['calls', 'consents', 'denials', 'errors', 'writes'] as const)
      .filter((name) => history[name] > 0)
      .map((name) => ({
        text: `\`context.history.${name}\` were 0`,
        apply: withFacts({ history: { ...history, [name]: 0 } }),
      })),
    ...history.labels.map((label) => ({
      text: `nothing labelled \`${label}\` had been read before`,
      apply: withFacts({ history: { ...history, labels: history.labels.filter((each) => each !== label) } }),
    })),
    ...facts.provenance.map((label) => ({
      text: `no argument came from content labelled \`${label}\``,
      apply: withFacts({ provenance: facts.provenance.filter((each) => each !== label) }),
    })),
  ]
}

function ofOperations({ operations, facts }: DecisionRequest): readonly PossibleChange[] {
  const all = Object.keys(LABELS) as Label[]
  return operations.flatMap((operation, position) => {
    const { labels, opaque } = operation
    const name = `\`${operationText(operation)}\``
    // A call that does nothing but call is no help.
    const useful = operations.some(({ action }, index) => index !== position && action !== 'tool.call')
    const without = useful ? [{ text: `the call did without ${name}`, apply: drop(position) }] : []
    return [
      ...labels.map((label) => ({
        text: `${name} were not labelled \`${label}\``,
        apply: withOperation(position, { labels: labels.filter((each) => each !== label) }),
      })),
      {
        text: opaque ? `${name} were fully understood` : `${name} were not fully understood`,
        apply: withOperation(position, { opaque: !opaque }),
      },
      ...without,
      ...((facts.outside[position] ?? []).length > 0 ? [] : leaveScope(position, name)),
      ...all
        .filter((label) => !labels.includes(label))
        .map((label) => ({
          text: `${name} were labelled \`${label}\``,
          apply: withOperation(position, { labels: [...labels, label] }),
        })),
    ]
  })
}

function leaveScope(position: number, name: string): readonly PossibleChange[] {
  return [
    {
      text: `${name} were outside the scope of the task`,
      apply: (request) =>
        withFacts({
          outside: request.facts.outside.map((each, index) => (index === position ? ['actions'] : each)),
        })(request),
    },
  ]
}

function drop(position: number): PossibleChange['apply'] {
  return (request) => ({
    ...request,
    operations: request.operations.filter((_, index) => index !== position),
    facts: { ...request.facts, outside: request.facts.outside.filter((_, index) => index !== position) },
  })
}

/** Teams, roles, workflows and kinds of agent that some policy names. */
function people(request: DecisionRequest, { policies }: ChangeSearch): readonly PossibleChange[] {
  const named = new Map<string, Set<string>>()
  for (const { parsed } of policies) collectEntities(parsed.est, named)
  const namesOf = (type: string): readonly string[] => [...(named.get(type) ?? [])].toSorted()
  const human =
    (change: Partial<Human>): PossibleChange['apply'] =>
    (each) => ({
      ...each,
      human: { ...each.human, ...change },
    })
  const { teams, roles, id } = request.human
  const { workflow, agent } = request.chain.task
  return [
    ...namesOf('Role')
      .filter((role) => !roles.includes(role))
      .map((role) => ({
        text: `\`${id}\` had the role \`${role}\``,
        apply: human({ roles: [...roles, role] }),
      })),
    ...namesOf('Team')
      .filter((team) => !teams.includes(team))
      .map((team) => ({
        text: `\`${id}\` were in the team \`${team}\``,
        apply: human({ teams: [...teams, team] }),
      })),
    ...namesOf('Workflow')
      .filter((name) => name !== workflow)
      .map((name) => ({ text: `the workflow were \`${name}\``, apply: withTask({ workflow: name }) })),
    ...namesOf('AgentKind')
      .filter((kind) => kind !== agent.kind)
      .map((kind) => ({
        text: `the agent were of kind \`${kind}\``,
        apply: withTask({ agent: { ...agent, kind } }),
      })),
  ]
}

function collectEntities(est: Json, into: Map<string, Set<string>>): void {
  if (Array.isArray(est)) for (const item of est as readonly Json[]) collectEntities(item, into)
  if (!isJsonObject(est)) return
  const { type, id } = est
  if (typeof type === 'string' && typeof id === 'string') {
    into.set(type, (into.get(type) ?? new Set()).add(id))
    return
  }
  for (const value of Object.values(est)) collectEntities(value, into)
}

/** Each hour of the next day and each day of the next week. */
function times({ facts }: DecisionRequest): readonly PossibleChange[] {
  const hours = [...Array.from({ length: 23 }, (_, hour) => hour + 1), 48, 72, 96, 120, 144]
  return hours.map((later) => {
    const now = facts.now + later * HOUR
    return { text: `it were ${new Date(now).toISOString()}`, apply: withFacts({ now }) }
  })
}
