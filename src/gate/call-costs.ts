import type { Action } from '../core/actions.ts'
import { groupsOf } from '../core/actions.ts'
import type { BudgetCount } from '../core/identity.ts'
import type { Operation } from '../core/operation.ts'

/** What a call takes of a budget. */
export interface CallCosts {
  readonly takes: { readonly [C in BudgetCount]?: number }
  /** It is not fully known what the call does, so it runs only while something is left of everything. */
  readonly opaque: boolean
  /** Different files and folders that it changes. */
  readonly files: readonly string[]
}

const FILE_CHANGES: ReadonlySet<Action> = new Set([
  'file.write',
  'file.move',
  'file.delete',
  'file.permission',
])
const INSTALLS: ReadonlySet<Action> = new Set(['package.install', 'package.add'])

export function costsOf(operations: readonly Operation[]): CallCosts {
  const count = (wanted: (operation: Operation) => boolean): number => operations.filter(wanted).length
  const files = operations.flatMap(({ action, resource }) => (FILE_CHANGES.has(action) ? [resource.id] : []))
  const takes = {
    calls: 1,
    writes: operations.some(({ action }) => groupsOf(action).includes('write')) ? 1 : 0,
    pullRequests: count(({ action }) => action === 'pr.open'),
    ciRuns: count(({ action }) => action === 'ci.run'),
    installs: count(({ action }) => INSTALLS.has(action)),
  }
  return {
    takes: Object.fromEntries(Object.entries(takes).filter(([, each]) => each > 0)),
    opaque: operations.some(({ opaque }) => opaque),
    files: [...new Set(files)],
  }
}
