import type { Action } from '../core/actions.ts'
import { LABELS } from '../core/labels.ts'
import type { Operation } from '../core/operation.ts'
import { foldText, visibleText } from '../core/visible-text.ts'

/** What each action does, as a verb; the others are called by their name. */
const VERBS: { readonly [A in Action]?: string } = {
  'file.read': 'read',
  'file.list': 'list what lies in',
  'file.write': 'write to',
  'file.move': 'move or rename',
  'file.delete': 'delete',
  'file.permission': 'change who may use',
  'shell.execute': 'run',
  'code.execute': 'run code in',
  'net.connect': 'connect to',
  'net.fetch': 'fetch from',
  'net.send': 'send data to',
  'git.push': 'push to',
  'pr.merge': 'merge',
  'secret.read': 'read the secret',
  'data.read': 'read data of',
  'data.write': 'write data to',
  'data.delete': 'delete data from',
  'message.send': 'send a message to',
  'tool.call': 'call the tool',
  'prompt.get': 'use the prompt',
  'resource.read': 'read the resource',
  'completion.complete': 'ask for completions of',
}

/** What these run is in files that the agent works on, not in the call. */
const RUNS_CODE: ReadonlySet<Action> = new Set<Action>(['code.execute', 'package.script'])

/** One operation in words: what, on what, with what is known about the target and where the call says so. */
export function describeOperation(operation: Operation): readonly string[] {
  const { action, labels, origin } = operation
  const where =
    origin.pointer === '' ? '' : `, from argument ${visibleText(foldText(origin.pointer, 80, 40))}`
  return [
    `- ${operationInWords(operation)} (${action}${where})`,
    ...(RUNS_CODE.has(action)
      ? ['    ! this runs code which the agent may have written or changed, with the human’s own rights']
      : []),
    ...(operation.opaque ? ['    ! Remit does not fully understand this; it may do more'] : []),
    ...labels.map((label) => `    [${label}] ${LABELS[label]}`),
  ]
}

/** Verb and target, for one line. */
export function operationInWords({ action, resource }: Operation): string {
  const name = visibleText(foldText(resource.id, 400, 200))
  // The name of a branch alone says nothing of where it is.
  const repository = resource.type === 'Branch' ? resource.ancestors[0]?.id : undefined
  const of = repository === undefined ? '' : ` of \`${visibleText(foldText(repository, 200, 100))}\``
  return `${VERBS[action] ?? action} ${resource.type} \`${name}\`${of}`
}
