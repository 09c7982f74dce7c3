import type { ReactNode } from 'react'
import { BASE } from '../../../pages/base.js'

/** What went wrong, in the gateway’s words; where the session has ended, the way back in. */
export function Problem({
  words,
  ended,
}: {
  readonly words: string | undefined
  readonly ended?: boolean | undefined
}) {
  if (words === undefined) return null
  return (
    <p className="note bad" role="alert">
      {words} {ended === true ? <a href={`${BASE}/login?again`}>Log in again</a> : null}
    </p>
  )
}

export function Quiet({ children }: { readonly children: ReactNode }) {
  return <p className="quiet empty">{children}</p>
}

/** A word of a closed vocabulary with its weight; never told by colour alone. */
export function Tag({ kind = 'plain', children }: { readonly kind?: string; readonly children: ReactNode }) {
  return <span className={`tag ${kind}`}>{children}</span>
}

/** Whether what is shown follows by itself. */
export function Live({ live }: { readonly live: boolean }) {
  return <Tag kind={live ? 'granted' : 'plain'}>{live ? 'live' : 'connecting'}</Tag>
}

export function When({ at }: { readonly at: number }) {
  const date = new Date(at)
  return (
    <time dateTime={date.toISOString()} title={date.toISOString()}>
      {date.toLocaleString(undefined, { dateStyle: 'short', timeStyle: 'medium' })}
    </time>
  )
}
