import { useSyncExternalStore } from 'react'
import { BASE } from '../../pages/base.js'

const ROOT = `${BASE}/console/`

/** Where the reader is: the screen, and what of it. */
export interface Place {
  readonly screen: string
  readonly item?: string
}

export function hrefOf({ screen, item }: Place): string {
  return ROOT + screen + (item === undefined ? '' : `/${item}`)
}

export function go(place: Place): void {
  history.pushState(null, '', hrefOf(place))
  dispatchEvent(new PopStateEvent('popstate'))
}

export function usePlace(): Place {
  const path = useSyncExternalStore(onMove, () => location.pathname)
  const [screen = '', item] = path.slice(ROOT.length).split('/')
  return {
    screen: screen === '' ? 'approvals' : screen,
    ...(item === undefined || item === '' ? {} : { item }),
  }
}

function onMove(changed: () => void): () => void {
  addEventListener('popstate', changed)
  return () => removeEventListener('popstate', changed)
}
