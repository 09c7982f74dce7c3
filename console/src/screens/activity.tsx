import { useCallback, useState } from 'react'
import type { ActivityRow } from '../../../src/api/console-contract.ts'
import type { StreamMessage } from '../event-text.ts'
import { Live, Problem, Quiet } from '../parts/notes.tsx'
import { RecordRows } from '../parts/record-rows.tsx'
import { useStream } from '../use-stream.ts'

const MOST = 300
const from = (last: string): string => `/records/stream${last === '' ? '' : `?after=${last}`}`

export function Activity() {
  const [rows, setRows] = useState<readonly ActivityRow[]>([])
  const heard = useCallback(({ event, data }: StreamMessage) => {
    if (event === 'records') setRows((before) => [...(data as ActivityRow[]), ...before].slice(0, MOST))
  }, [])
  const { live, lost, ended } = useStream(from, heard)
  const shown = rows.filter(
    ({ envelope }) => envelope.kind !== 'audit.read' && envelope.kind !== 'ledger.heartbeat',
  )
  return (
    <div className="page">
      <div className="row head">
        <h1>Activity</h1>
        <Live live={live} />
      </div>
      <p className="quiet">
        What happens now, newest first; the last {MOST} at most. Reading is left out here, not in Audit.
      </p>
      <Problem words={lost} ended={ended} />
      {live && shown.length === 0 ? <Quiet>Nothing yet.</Quiet> : null}
      <RecordRows rows={shown} />
    </div>
  )
}
