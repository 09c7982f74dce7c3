import { useState } from 'react'
import { Button, Input, Label, TextField } from 'react-aria-components'
import type { AuditQueryAnswer } from '../../../src/api/audit-contract.ts'
import { RECORD_KINDS } from '../../../src/core/record.ts'
import { go } from '../router.ts'
import { Link } from '../parts/link.tsx'
import { Problem, Quiet } from '../parts/notes.tsx'
import { Choice } from '../parts/choice.tsx'
import { KeptViews } from '../parts/kept-views.tsx'
import { RecordRows } from '../parts/record-rows.tsx'
import { useResource } from '../use-resource.ts'
import { type AuditSearch, EMPTY_SEARCH, queryText, searchQuery } from './audit-search.ts'
import { useCompletions } from './use-completions.ts'

const PAGE = 50

/** @param props.item a task: its timeline. @param props.query to begin with. */
export function Audit({ item, query: first = '' }: { readonly item?: string; readonly query?: string }) {
  const [search, setSearch] = useState<AuditSearch>({ ...EMPTY_SEARCH, q: first })
  const [before, setBefore] = useState<readonly number[]>([])
  // A view that is picked stands in the fields.
  const [turn, setTurn] = useState(0)
  const from = before.at(-1)
  const query = searchQuery(search, { task: item, past: from, limit: PAGE })
  const { value, problem, ended } = useResource<AuditQueryAnswer>(`/records/query?${query}`)
  const next = value?.next
  return (
    <div className="page">
      <h1>{item === undefined ? 'Audit' : 'Timeline of a task'}</h1>
      {item === undefined ? null : (
        <p>
          <Link to={{ screen: 'tasks', item }}>← The task</Link>
        </p>
      )}
      <p className="quiet">
        {item === undefined ? 'Every record of the ledger' : 'What is on record of this task'}, newest first.
        That you read it is on record too. The language of queries is in `docs/audit.md`.
      </p>
      <KeptViews
        query={queryText(search, undefined)}
        pick={(q) => {
          setSearch({ ...EMPTY_SEARCH, q })
          setBefore([])
          setTurn(turn + 1)
        }}
      />
      <Filter
        key={`${item ?? ''} ${turn}`}
        task={item ?? ''}
        search={search}
        look={(wanted) => {
          setSearch(wanted)
          setBefore([])
        }}
      />
      <Problem words={problem} ended={ended} />
      {value?.records.length === 0 ? (
        <Quiet>
          {next === undefined ? 'No record fits.' : 'None of these fits; look further with “Older”.'}
        </Quiet>
      ) : null}
      <RecordRows rows={value?.records ?? []} task={item} />
      <div className="row">
        <Button isDisabled={from === undefined} onPress={() => setBefore(before.slice(0, -1))}>
          Newer
        </Button>
        <Button
          isDisabled={next === undefined}
          onPress={() => next !== undefined && setBefore([...before, next])}
        >
          Older
        </Button>
      </div>
    </div>
  )
}

const FIELDS = [
  ['who', 'Who'],
  ['tool', 'Server or tool'],
  ['policy', 'Rule'],
  ['id', 'Id'],
] as const

function Filter(props: {
  readonly task: string
  readonly search: AuditSearch
  readonly look: (search: AuditSearch) => void
}) {
  const [task, setTask] = useState(props.task)
  const [wanted, setWanted] = useState(props.search)
  const offered = useCompletions(wanted.q)
  const set = (more: Partial<AuditSearch>): void => setWanted({ ...wanted, ...more })
  return (
    <form
      className="row filter"
      onSubmit={(event) => {
        event.preventDefault()
        props.look(wanted)
        if (task.trim() !== props.task)
          go(task.trim() === '' ? { screen: 'audit' } : { screen: 'audit', item: task.trim() })
      }}
    >
      <TextField className="query" value={wanted.q} onChange={(q) => set({ q })}>
        <Label>Query</Label>
        <Input
          list="audit-query-fields"
          placeholder="decision = deny and at > -7d"
          autoComplete="off"
          spellCheck={false}
        />
      </TextField>
      <datalist id="audit-query-fields">
        {offered.map((text) => (
          <option key={text} value={text} />
        ))}
      </datalist>
      <Choice name="Kind" value={wanted.kind} of={RECORD_KINDS} choose={(kind) => set({ kind })} />
      <Choice
        name="Decision"
        value={wanted.effect}
        of={['allow', 'consent', 'deny']}
        choose={(effect) => set({ effect })}
      />
      {FIELDS.map(([field, label]) => (
        <TextField key={field} value={wanted[field]} onChange={(text) => set({ [field]: text })}>
          <Label>{label}</Label>
          <Input />
        </TextField>
      ))}
      <TextField value={task} onChange={setTask} pattern="[A-Za-z0-9_\-]{1,128}">
        <Label>Task</Label>
        <Input />
      </TextField>
      {(['from', 'until'] as const).map((end) => (
        <label key={end}>
          {end === 'from' ? 'From' : 'Until'}
          <input
            type="datetime-local"
            value={wanted[end]}
            onChange={(event) => set({ [end]: event.target.value })}
          />
        </label>
      ))}
      <Button type="submit">Search</Button>
    </form>
  )
}
