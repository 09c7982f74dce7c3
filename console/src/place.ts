/** Where the reader is: the screen, and what of it. */
export interface Place {
  readonly screen: string
  readonly item?: string
}

/** @param base path below which this tenant’s pages lie: empty or `/t/<tenant>`. */
export function hrefIn(base: string, { screen, item }: Place): string {
  return `${base}/console/${screen}${item === undefined ? '' : `/${item}`}`
}

/** What an address of this console shows. */
export function placeIn(base: string, path: string): Place {
  const [screen = '', item] = path.slice(`${base}/console/`.length).split('/')
  return {
    screen: screen === '' ? 'approvals' : screen,
    ...(item === undefined || item === '' ? {} : { item }),
  }
}
