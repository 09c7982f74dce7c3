import type { StatusAnswer } from '../../src/api/contract.ts'
import { useBackground } from './use-background.ts'

const SIGNED = 'review-signed'

/** Tells the navigation that a review was signed off in this page. */
export function reviewSigned(): void {
  dispatchEvent(new Event(SIGNED))
}

/** Whether a review is overdue. @param forThem whether reviews are for who is logged in. */
export function useOverdue(forThem: boolean, screen: string): boolean {
  const { value } = useBackground<StatusAnswer>(forThem ? '/status' : undefined, { screen, told: SIGNED })
  return value?.review.overdue === true
}
