import { useCallback, useMemo, useState } from 'react'
import type { InboxRow } from '../../../src/api/console-contract.ts'
import type { StreamMessage } from '../gateway.ts'
import { type StreamState, useStream } from '../use-stream.ts'

export interface Inbox {
  readonly stream: StreamState
  readonly loaded: boolean
  readonly pending: readonly InboxRow[]
  /** Those that were decided while the screen was open. */
  readonly decided: readonly InboxRow[]
}

const from = (last: string): string =>
  `/approvals/stream${last === '' ? '' : `?since=${encodeURIComponent(last)}`}`
const WEIGHT = { high: 0, medium: 1, low: 2 } as const

/** Requests as they come, the gravest first, then the ones that wait longest. */
export function useInbox(): Inbox {
  const [rows, setRows] = useState<ReadonlyMap<string, InboxRow>>(new Map())
  const [loaded, setLoaded] = useState(false)
  const heard = useCallback(({ event, data }: StreamMessage) => {
    if (event === 'here') setLoaded(true)
    // All that waits is told anew: what is not among it was decided meanwhile.
    if (event === 'all')
      setRows((before) => new Map([...before].filter(([, row]) => row.state !== 'pending')))
    if (event !== 'approvals') return
    const news = data as readonly InboxRow[]
    setRows((before) => new Map([...before, ...news.map((row) => [row.id, row] as const)]))
  }, [])
  const stream = useStream(from, heard)
  return useMemo(() => {
    const all = [...rows.values()]
    const pending = all
      .filter(({ state }) => state === 'pending')
      .sort((a, b) => WEIGHT[a.severity] - WEIGHT[b.severity] || a.created - b.created)
    const decided = all.filter(({ state }) => state !== 'pending').sort((a, b) => b.created - a.created)
    return { stream, loaded, pending, decided }
  }, [rows, stream, loaded])
}
