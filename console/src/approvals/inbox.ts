import { useCallback, useEffect, useMemo, useState } from 'react'
import type { InboxRow } from '../../../src/api/console-contract.ts'
import type { StreamMessage } from '../event-text.ts'
import { type StreamState, useStream } from '../use-stream.ts'
import { afterMessage, decidedRows, firstEnd, NOTHING_HEARD, waitingRows } from './inbox-rows.ts'

export interface Inbox {
  readonly stream: StreamState
  readonly loaded: boolean
  readonly pending: readonly InboxRow[]
  /** Those that were decided while the screen was open. */
  readonly decided: readonly InboxRow[]
}

/** Longest time that a browser’s timer can wait, in milliseconds. */
const LONGEST_TIMER = 2 ** 31 - 1

const from = (last: string): string =>
  `/approvals/stream${last === '' ? '' : `?since=${encodeURIComponent(last)}`}`

/** Requests as they come; what runs out leaves by the clock. */
export function useInbox(): Inbox {
  const [heard, setHeard] = useState(NOTHING_HEARD)
  const [now, setNow] = useState(Date.now)
  const hear = useCallback((message: StreamMessage) => {
    setHeard((before) => afterMessage(before, message, Date.now()))
  }, [])
  const stream = useStream(from, hear)
  const { ahead, loaded } = heard
  const pending = useMemo(() => waitingRows(heard, now + ahead), [heard, now, ahead])
  const decided = useMemo(() => decidedRows(heard), [heard])
  useEffect(() => {
    const end = firstEnd(pending)
    if (end === undefined) return
    const wait = Math.min(LONGEST_TIMER, Math.max(0, end - ahead - Date.now() + 1))
    const timer = setTimeout(() => setNow(Date.now()), wait)
    return () => clearTimeout(timer)
  }, [pending, ahead])
  return { stream, loaded, pending, decided }
}
