import type { MouseEvent, ReactNode } from 'react'
import type { Place } from '../place.ts'
import { go, hrefOf } from '../router.ts'

/** A link within the console; with a modifier key it opens like any other. */
export function Link({
  to,
  current,
  children,
}: {
  readonly to: Place
  readonly current?: boolean
  readonly children: ReactNode
}) {
  const follow = (event: MouseEvent): void => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
    event.preventDefault()
    go(to)
  }
  return (
    <a href={hrefOf(to)} onClick={follow} {...(current === true ? { 'aria-current': 'page' as const } : {})}>
      {children}
    </a>
  )
}
