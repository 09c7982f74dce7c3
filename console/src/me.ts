import { createContext, useContext, useEffect, useState } from 'react'
import { post } from './gateway.ts'

type Reach = 'own' | 'bare' | 'all'

/** Who is logged in, and whose things each route has for them. */
export interface Me {
  readonly human: string
  readonly may: Readonly<Record<string, Reach>>
}

const Known = createContext<Me | undefined>(undefined)
export const MeProvider = Known.Provider

/** Asked once; undefined = not known yet, or not logged in, which each screen says by itself. */
export function useFoundMe(): Me | undefined {
  const [me, setMe] = useState<Me>()
  useEffect(() => {
    post<Me>('/login/me').then(setMe, () => {})
  }, [])
  return me
}

export interface Rights {
  /** Undefined = not known yet. */
  readonly human: string | undefined
  readonly reach: (route: string) => Reach
  /** Whether there is anything for them on this route; what they may do in the end, the gateway says. */
  readonly may: (route: string) => boolean
  /** Whether what belongs to this human is there for them on this route. */
  readonly reaches: (route: string, human: string) => boolean
}

/** What to show: nothing that the gateway would refuse to this human for their role. */
export function useRights(): Rights {
  const me = useContext(Known)
  return {
    human: me?.human,
    reach: (route) => me?.may[route] ?? 'own',
    may: (route) => me?.may[route] !== undefined,
    reaches: (route, human) =>
      me?.may[route] === 'all' || (me?.may[route] !== undefined && me.human === human),
  }
}
