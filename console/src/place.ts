/** Where the reader is: the screen, and what of it. */
export interface Place {
  readonly screen: string
  readonly item?: string
  /** An audit query to begin with. */
  readonly query?: string
}

/** @param base path below which this tenant’s pages lie: empty or `/t/<tenant>`. */
export function hrefIn(base: string, { screen, item, query }: Place): string {
  const search = query === undefined ? '' : `?q=${encodeURIComponent(query)}`
  return `${base}/console/${screen}${item === undefined ? '' : `/${item}`}${search}`
}

/** What an address of this console shows. @param address path and search. */
export function placeIn(base: string, address: string): Place {
  const [path = '', search] = address.split('?', 2)
  const query = new URLSearchParams(search).get('q')
  const [screen = '', item] = path.slice(`${base}/console/`.length).split('/')
  return {
    screen: screen === '' ? 'approvals' : screen,
    ...(item === undefined || item === '' ? {} : { item }),
    ...(query === null ? {} : { query }),
  }
}
