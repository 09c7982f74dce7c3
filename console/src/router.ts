import { useSyncExternalStore } from 'react'
import { BASE } from '../../pages/base.js'
import { hrefIn, type Place, placeIn } from './place.ts'

export function hrefOf(place: Place): string {
  return hrefIn(BASE, place)
}

export function go(place: Place): void {
  history.pushState(null, '', hrefOf(place))
  dispatchEvent(new PopStateEvent('popstate'))
}

export function usePlace(): Place {
  return placeIn(
    BASE,
    useSyncExternalStore(onMove, () => location.pathname + location.search),
  )
}

function onMove(changed: () => void): () => void {
  addEventListener('popstate', changed)
  return () => removeEventListener('popstate', changed)
}
