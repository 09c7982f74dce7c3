import { useEffect, useState } from 'react'
import { fieldOf } from '../../../src/core/audit-query/fields.ts'
import type { ValuesAnswer } from '../../../src/api/views-contract.ts'
import { get } from '../gateway.ts'
import { useRights } from '../me.ts'
import { completions } from './audit-search.ts'
import { type WantedValue, wantedValue, withValues } from './wanted-value.ts'

/** Letters come faster than anybody reads what is offered for them. */
const PAUSE_MS = 200
const LONGEST_PREFIX = 512

/** What a query could go on with: fields, or values that records have in the field that stands at its end. */
export function useCompletions(query: string): readonly string[] {
  const { may } = useRights()
  const [found, setFound] = useState<{ readonly path: string; readonly values: readonly string[] }>()
  const wanted = wantedValue(query)
  const path = may('GET /records/values') ? pathOf(wanted) : undefined
  useEffect(() => {
    if (path === undefined) return undefined
    let stale = false
    const timer = setTimeout(() => {
      get<ValuesAnswer>(path).then(
        ({ values }) => !stale && setFound({ path, values }),
        // Nothing is offered then; why, the search itself will say.
        () => {},
      )
    }, PAUSE_MS)
    return () => {
      stale = true
      clearTimeout(timer)
    }
  }, [path])
  if (wanted === undefined) return completions(query)
  const known = fieldOf(wanted.field).values
  return withValues(wanted, known ?? (found !== undefined && found.path === path ? found.values : []))
}

/** What records carry is not looked at for every letter: each look at it is on record. */
function pathOf(wanted: WantedValue | undefined): string | undefined {
  if (wanted === undefined || wanted.prefix.length > LONGEST_PREFIX) return undefined
  const { values, erasable } = fieldOf(wanted.field)
  if (values !== undefined || erasable === true || wanted.field === 'id') return undefined
  return `/records/values?${new URLSearchParams({ field: wanted.field, prefix: wanted.prefix }).toString()}`
}
