import { useEffect, useState } from 'react'
import type { StatusAnswer } from '../../src/api/contract.ts'
import { get } from './gateway.ts'

const AGAIN_MS = 600_000
const SIGNED = 'review-signed'

/** Tells the navigation that a review was signed off in this page. */
export function reviewSigned(): void {
  dispatchEvent(new Event(SIGNED))
}

/**
 * Whether a review is overdue: asked with each screen that is gone to, after a sign-off, and every ten minutes.
 * @param forThem whether reviews are for who is logged in.
 */
export function useOverdue(forThem: boolean, screen: string): boolean {
  const [overdue, setOverdue] = useState(false)
  useEffect(() => {
    if (!forThem) return undefined
    let stale = false
    // What cannot be asked now is asked again; each screen says by itself that the gateway is not reached.
    const ask = async (): Promise<void> => {
      const status = await get<StatusAnswer>('/status').catch(() => undefined)
      if (!stale && status !== undefined) setOverdue(status.review.overdue)
    }
    const again = (): void => void ask()
    again()
    const timer = setInterval(again, AGAIN_MS)
    addEventListener(SIGNED, again)
    return () => {
      stale = true
      clearInterval(timer)
      removeEventListener(SIGNED, again)
    }
  }, [forThem, screen])
  return forThem && overdue
}
