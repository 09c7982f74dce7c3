import { useState } from 'react'
import { Button, Input, Label, TextField } from 'react-aria-components'
import type { Cover } from '../../../src/core/cover.ts'
import { postGrave, wordsOf } from '../gateway.ts'
import { Problem } from '../parts/notes.tsx'

/** What the field is filled with: three days from now. */
const SPAN = 3 * 86_400_000

/** In place of what the same human said before. */
export function CoverForm({ own, again }: { readonly own: Cover | undefined; readonly again: () => void }) {
  const [away, setAway] = useState(own?.away ?? true)
  const [deputy, setDeputy] = useState<string>(own?.deputy ?? '')
  const [until, setUntil] = useState(() => localTime(own?.until ?? Date.now() + SPAN))
  const [code, setCode] = useState('')
  const [problem, setProblem] = useState<string>()
  const [busy, setBusy] = useState(false)
  const named = deputy.trim()
  const send = (): void => {
    setBusy(true)
    setProblem(undefined)
    const body = { away, until: Date.parse(until), ...(named === '' ? {} : { deputy: named }) }
    postGrave('/covers', body, code)
      .then(again, (thrown: unknown) => setProblem(wordsOf(thrown)))
      .finally(() => setBusy(false))
  }
  return (
    <form
      className="part cover"
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      <h2>{own === undefined ? 'Say that you are away, or who agrees for you' : 'Say something else'}</h2>
      <p className="quiet">
        Who is away is not waited for. A deputy agrees with what you may decide, never more, and not for their
        own tasks; the record shows both, and in a quorum you count once together. A deputy has no deputy.
      </p>
      <label className="tick">
        <input type="checkbox" checked={away} onChange={(event) => setAway(event.target.checked)} /> I am away
      </label>
      <TextField value={deputy} onChange={setDeputy} maxLength={128} autoComplete="off">
        <Label>
          Who agrees for you <small>their name here; may be empty if you are away</small>
        </Label>
        <Input />
      </TextField>
      <label>
        Until <small>your time</small>
        <input
          type="datetime-local"
          required
          value={until}
          onChange={(event) => setUntil(event.target.value)}
        />
      </label>
      {named !== '' && problem !== undefined ? (
        <TextField value={code} onChange={setCode} type="password" autoComplete="off">
          <Label>
            Your approver code <small>only if you have no passkey</small>
          </Label>
          <Input />
        </TextField>
      ) : null}
      <Problem words={problem} />
      <Button type="submit" className="main" isDisabled={busy || (!away && named === '')}>
        {named === '' ? 'Say so' : 'Say so, with your passkey'}
      </Button>
    </form>
  )
}

/** As the field has it: the browser's own time, to the minute. @param at milliseconds since the epoch. */
function localTime(at: number): string {
  return new Date(at - new Date(at).getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}
