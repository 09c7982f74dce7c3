import type { Outline } from '../core/approval.ts'
import type { TaskChain } from '../core/identity.ts'
import type { Label } from '../core/labels.ts'
import type { Operation } from '../core/operation.ts'
import { foldText, visibleText } from '../core/visible-text.ts'
import { operationInWords } from './describe-operation.ts'

/** Nobody reads more of them in a message; the console has all. */
const MOST = 10

/** The short form of a request, for channels: operations without their secrets must be given. */
export function outlineOf(request: {
  readonly chain: TaskChain
  readonly operations: readonly Operation[]
  /** Labels of what the tree has read. */
  readonly read: readonly Label[]
}): Outline {
  const { chain, operations, read } = request
  const { task } = chain
  // The first is the call itself, which says nothing beside what it does.
  const all = operations.length > 1 && operations[0]?.opaque === false ? operations.slice(1) : operations
  return {
    workflow: task.workflow,
    agent: visibleText(foldText(task.agent.kind, 60, 20)),
    intent: visibleText(foldText(task.intent, 200, 80)),
    origin: task.origin,
    operations: all.slice(0, MOST).map((operation) => ({
      action: operation.action,
      text: foldText(operationInWords(operation), 200, 80),
      labels: operation.labels,
    })),
    more: Math.max(0, all.length - MOST),
    labels: [...new Set(operations.flatMap(({ labels }) => labels))],
    read,
  }
}
