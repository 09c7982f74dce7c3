/** Of which something is kept in memory. */
export const MOST_CONNECTIONS = 10_000

/** After one was added. */
export function dropOldest<Key>(map: Map<Key, unknown>, most: number): void {
  const [oldest] = map.size > most ? map.keys() : []
  if (oldest !== undefined) map.delete(oldest)
}
