import { ACTIONS, isAction, type Action } from '../core/actions.ts'
import { effectiveEnvironment, type Human, type Task, type TaskChain } from '../core/identity.ts'
import type { EntityRef } from '../core/resource.ts'
import type { Entity, EntitySource } from './evaluation.ts'
import {
  CedarRecord,
  EMPTY_RECORD,
  EntityUid,
  RecordShape,
  sameEntity,
  setOf,
  UNKNOWN,
  type Value,
} from './values.ts'

/** Every action with its groups: the same for all requests. */
const ACTION_ENTITIES: ReadonlyMap<string, Entity> = new Map(
  Object.entries(ACTIONS).map(([name, groups]) => [
    name,
    {
      uid: new EntityUid('Action', name),
      attributes: EMPTY_RECORD,
      ancestors: groups.map((group) => new EntityUid('Action', group)),
    },
  ]),
)

export function actionUid(action: Action): EntityUid {
  return ACTION_ENTITIES.get(action)?.uid ?? new EntityUid('Action', action)
}

export const TASK_SHAPE = new RecordShape([
  'agent',
  'depth',
  'environment',
  'human',
  'intent',
  'origin',
  'parent',
  'workflow',
])
const ID_SHAPE = new RecordShape(['id'])
export const RESOURCE_SHAPE = new RecordShape(['labels', 'name'])

/** The entities of one request: a handful, looked through in turn. Everything else does not exist. */
export class RequestEntities implements EntitySource {
  readonly #fixed: readonly Entity[]
  #resource: Entity | undefined

  constructor(fixed: readonly Entity[], resource?: Entity) {
    this.#fixed = fixed
    this.#resource = resource
  }

  /** The next operation's resource takes the place of the last one's. */
  setResource(resource: Entity | undefined): void {
    this.#resource = resource
  }

  find(uid: EntityUid): Entity | undefined {
    const resource = this.#resource
    if (resource !== undefined && sameEntity(resource.uid, uid)) return resource
    for (const entity of this.#fixed) if (sameEntity(entity.uid, uid)) return entity
    return uid.type === 'Action' && isAction(uid.id) ? ACTION_ENTITIES.get(uid.id) : undefined
  }
}

/** The tasks of a chain, nearest first, then whom they act for and with: the fixed part of a request. */
export function chainEntities(chain: TaskChain, human: Human): readonly Entity[] {
  const tasks = [chain.task, ...chain.ancestors]
  const entities = tasks.map((task, index) => taskEntity(task, tasks.length - 1 - index))
  entities.push(humanEntity(human))
  for (const task of tasks) entities.push(agentEntity(task))
  return entities
}

export function humanEntity(human: Human): Entity {
  const teams = human.teams.map((team) => new EntityUid('Team', team))
  return {
    uid: new EntityUid('Human', human.id),
    attributes: new CedarRecord(ID_SHAPE, [human.id]),
    ancestors: [...teams, ...human.roles.map((role) => new EntityUid('Role', role))],
  }
}

function agentEntity(task: Task): Entity {
  return {
    uid: new EntityUid('Agent', task.agent.id),
    attributes: new CedarRecord(ID_SHAPE, [task.agent.id]),
    ancestors: [new EntityUid('AgentKind', task.agent.kind)],
  }
}

/** INVARIANT: a task's parents are its workflow and agent kind, never its human. */
function taskEntity(task: Task, depth: number): Entity {
  return {
    uid: new EntityUid('Task', task.id),
    attributes: new CedarRecord(TASK_SHAPE, [
      new EntityUid('Agent', task.agent.id),
      depth,
      effectiveEnvironment(task),
      new EntityUid('Human', task.human),
      task.intent,
      task.origin,
      task.parent === undefined ? undefined : new EntityUid('Task', task.parent),
      task.workflow,
    ]),
    ancestors: [new EntityUid('Workflow', task.workflow), new EntityUid('AgentKind', task.agent.kind)],
  }
}

export function resourceEntity(
  resource: EntityRef & { readonly ancestors: readonly EntityRef[] },
  labels: readonly string[] | undefined,
): Entity {
  const known: Value = labels === undefined ? UNKNOWN : setOf(labels)
  return {
    uid: new EntityUid(resource.type, resource.id),
    attributes: new CedarRecord(RESOURCE_SHAPE, [known, resource.id]),
    ancestors: resource.ancestors.map((ancestor) => new EntityUid(ancestor.type, ancestor.id)),
  }
}
