import { RemitError } from '../core/errors.ts'
import type { TaskChain } from '../core/identity.ts'
import type { Entity } from './read-evaluation.ts'

/** Applications that know no more of their task than its token name it so: `task` `self`. */
const SELF = 'self'
const HUMAN = new Set(['user', 'human', 'identity'])
const AGENT = new Set(['agent', 'ai_agent'])

/**
 * A token speaks for its task alone: the subject is the task, its agent or its human.
 * @returns why it is none of them; undefined = it is one.
 */
export function strangeSubject({ task }: TaskChain, { type, id }: Entity): RemitError | undefined {
  const kind = type.toLowerCase()
  const expected = HUMAN.has(kind) ? task.human : AGENT.has(kind) ? task.agent.id : task.id
  const known = HUMAN.has(kind) || AGENT.has(kind) || kind === 'task'
  if (known && id === expected) return undefined
  if (kind === 'task' && id === SELF) return undefined
  return new RemitError(
    'request_invalid',
    `the token is of another subject than \`${type}\` \`${id}\`: ask about \`user\` \`${task.human}\`, \`agent\` \`${task.agent.id}\` or \`task\` \`self\`, or with that subject’s own task`,
  )
}
