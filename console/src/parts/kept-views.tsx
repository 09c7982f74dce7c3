import { useState } from 'react'
import { Button } from 'react-aria-components'
import type { ViewsAnswer } from '../../../src/api/audit-contract.ts'
import { visibleText } from '../../../src/core/visible-text.ts'
import { post } from '../gateway.ts'
import { useRights } from '../me.ts'
import { useResource } from '../use-resource.ts'
import { AskDialog } from './ask-dialog.tsx'

/** Queries that are kept: picked, saved, shared, removed. @param props.query what would be saved. */
export function KeptViews({
  query,
  pick,
}: {
  readonly query: string
  readonly pick: (query: string) => void
}) {
  const { value, again } = useResource<ViewsAnswer>('/records/views')
  const { reaches } = useRights()
  const [saving, setSaving] = useState(false)
  const [shared, setShared] = useState(false)
  const [picked, setPicked] = useState('')
  const views = value?.views ?? []
  const keyOf = (view: (typeof views)[number]): string => `${view.human}/${view.name}`
  const chosen = views.find((view) => keyOf(view) === picked)
  return (
    <div className="row views">
      <label>
        View
        <select
          value={picked}
          onChange={(event) => {
            setPicked(event.target.value)
            const view = views.find((each) => keyOf(each) === event.target.value)
            if (view !== undefined) pick(view.query)
          }}
        >
          <option value="">none</option>
          {views.map((view) => (
            <option key={keyOf(view)} value={keyOf(view)}>
              {visibleText(view.human === value?.human ? view.name : keyOf(view))}
              {view.shared ? ' (shared)' : ''}
            </option>
          ))}
        </select>
      </label>
      <Button onPress={() => setSaving(true)}>Save query…</Button>
      {chosen === undefined || !reaches('POST /records/views/remove', chosen.human) ? null : (
        <Button
          onPress={() => {
            const { name, human } = chosen
            setPicked('')
            void post('/records/views/remove', { name, human }).finally(again)
          }}
        >
          Remove view
        </Button>
      )}
      {saving ? (
        <AskDialog
          title="Keep this query"
          label="Name"
          act="Save"
          needed
          close={() => setSaving(false)}
          run={async (name) => {
            await post('/records/views', { name, query, shared })
            again()
          }}
        >
          <p className="mono">{query === '' ? 'every record' : visibleText(query)}</p>
          <label className="tick">
            <input type="checkbox" checked={shared} onChange={(event) => setShared(event.target.checked)} />{' '}
            Share it: everybody of the tenant may ask it, within their own reach
          </label>
        </AskDialog>
      ) : null}
    </div>
  )
}
