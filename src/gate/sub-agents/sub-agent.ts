import { RemitError } from '../../core/errors.ts'
import type { SubAgentName } from '../../core/identity.ts'

/** A sub-agent as its runtime tells of it at a hook. */
export interface SubAgent extends SubAgentName {
  /** What kind of sub-agent, in the runtime's words; absent = it does not say. */
  readonly type?: string
  /** Id of what started it, where one of a sub-agent that is known is a sub-agent; absent = the runtime does not say. */
  readonly parent?: string
}

/** Characters of an id, which stands in records. */
const LONGEST = 256

/** @throws RemitError `request_invalid` for what could not be kept as it is. */
export function checkSubAgent({ id, parent = '' }: SubAgent): void {
  for (const told of [id, parent]) {
    if (told.length <= LONGEST && told.isWellFormed()) continue
    throw new RemitError('request_invalid', `an id of a sub-agent has at most ${LONGEST} characters`)
  }
  if (id === '' || id === parent) {
    throw new RemitError('request_invalid', 'the hook names no sub-agent, or one that started itself')
  }
}

/** The type as the id of an agent, under which policy, the kill switch and people know it. */
export function agentIdOf(type: string | undefined): string {
  const name = (type ?? '').replaceAll(/[^A-Za-z0-9._@+-]+/g, '-').replace(/^[^A-Za-z0-9]+/, '')
  return name === '' ? 'sub-agent' : name.slice(0, 128)
}
