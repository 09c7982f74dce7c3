import { useState } from 'react'
import { Button, Input, Label, TextField } from 'react-aria-components'
import type { RecordsAnswer } from '../../../src/api/contract.ts'
import { RECORD_KINDS } from '../../../src/core/record.ts'
import { useRights } from '../me.ts'
import { go } from '../router.ts'
import { Problem, Quiet } from '../parts/notes.tsx'
import { RecordRows } from '../parts/record-rows.tsx'
import { useResource } from '../use-resource.ts'

const PAGE = 50

/** What the role of the reader lets them see. */
const WHAT = {
  own: 'Records of your tasks and of what you did, newest first.',
  bare: 'Every record of the ledger, newest first; what others’ calls carried is for auditors.',
  all: 'Every record of the ledger, newest first.',
} as const

/** @param props.item a task: its timeline. */
export function Audit({ item }: { readonly item?: string }) {
  const reach = useRights().reach('GET /records')
  const [kind, setKind] = useState('')
  const [before, setBefore] = useState<readonly number[]>([])
  const query = new URLSearchParams({ limit: String(PAGE) })
  if (item !== undefined) query.set('task', item)
  if (kind !== '') query.set('kind', kind)
  const from = before.at(-1)
  if (from !== undefined) query.set('before', String(from))
  const { value, problem, ended } = useResource<RecordsAnswer>(`/records?${query.toString()}`)
  const oldest = value?.records.at(-1)?.index
  return (
    <div className="page">
      <h1>{item === undefined ? 'Audit' : 'Timeline of a task'}</h1>
      <p className="quiet">{WHAT[reach]} That you read it is on record too.</p>
      <Filter
        key={item ?? ''}
        task={item ?? ''}
        kind={kind}
        setKind={(next) => (setKind(next), setBefore([]))}
      />
      <Problem words={problem} ended={ended} />
      {value?.records.length === 0 ? <Quiet>No record fits.</Quiet> : null}
      <RecordRows rows={value?.records ?? []} />
      <div className="row">
        <Button isDisabled={from === undefined} onPress={() => setBefore(before.slice(0, -1))}>
          Newer
        </Button>
        <Button
          isDisabled={oldest === undefined || value === undefined || value.records.length < PAGE}
          onPress={() => oldest !== undefined && setBefore([...before, oldest])}
        >
          Older
        </Button>
      </div>
    </div>
  )
}

function Filter(props: {
  readonly task: string
  readonly kind: string
  readonly setKind: (kind: string) => void
}) {
  const [task, setTask] = useState(props.task)
  return (
    <form
      className="row filter"
      onSubmit={(event) => {
        event.preventDefault()
        go(task.trim() === '' ? { screen: 'audit' } : { screen: 'audit', item: task.trim() })
      }}
    >
      <label>
        Kind
        <select value={props.kind} onChange={(event) => props.setKind(event.target.value)}>
          <option value="">all</option>
          {RECORD_KINDS.map((each) => (
            <option key={each}>{each}</option>
          ))}
        </select>
      </label>
      <TextField value={task} onChange={setTask} pattern="[A-Za-z0-9_\-]{1,128}">
        <Label>Task</Label>
        <Input />
      </TextField>
      <Button type="submit">Search</Button>
    </form>
  )
}
