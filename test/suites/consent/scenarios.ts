/** What a client, its approver and a crash do to one call that needs consent. */
export interface Scenario {
  /** Seconds after which the client gives a request up: those of known clients. */
  readonly timeout: 60 | 120 | 180 | 300
  readonly era: 'modern' | 'legacy'
  /** Seconds for which the gateway holds the call: as shipped, and longer than half of the clients wait. */
  readonly hold: 45 | 150
  /** When the approver agrees: while the call is held, once the client has given up or was told to retry, or never. */
  readonly approves: 'while held' | 'afterwards' | 'never'
  /** At which replica, the one that was asked first being `here`; a dead one is started again for it. */
  readonly approvedAt: 'here' | 'there'
  readonly retriedAt: 'here' | 'there'
  /** The state in which the replica that has the call is killed. */
  readonly killed: 'never' | 'pending' | 'granted' | 'used' | 'forwarded'
}

const DIMENSIONS: { readonly [Key in keyof Scenario]: readonly Scenario[Key][] } = {
  timeout: [60, 120, 180, 300],
  era: ['modern', 'legacy'],
  hold: [45, 150],
  approves: ['while held', 'afterwards', 'never'],
  approvedAt: ['here', 'there'],
  retriedAt: ['here', 'there'],
  killed: ['never', 'pending', 'granted', 'used', 'forwarded'],
}

/** All of them: 960. */
export function allScenarios(): readonly Scenario[] {
  return Object.entries(DIMENSIONS).reduce<readonly Partial<Scenario>[]>(
    (made, [key, values]) => made.flatMap((one) => values.map((value) => ({ ...one, [key]: value }))),
    [{}],
  ) as readonly Scenario[]
}

/** Few of them, in which every two values of two dimensions still meet. The same ones every time. */
export function pairwiseScenarios(): readonly Scenario[] {
  const all = allScenarios().map((scenario) => ({ scenario, pairs: pairsOf(scenario) }))
  const missing = new Set(all.flatMap(({ pairs }) => pairs))
  const chosen: Scenario[] = []
  while (missing.size > 0) {
    const gain = ({ pairs }: (typeof all)[number]): number => pairs.filter((pair) => missing.has(pair)).length
    const best = all.reduce((a, b) => (gain(b) > gain(a) ? b : a))
    chosen.push(best.scenario)
    for (const pair of best.pairs) missing.delete(pair)
  }
  return chosen
}

function pairsOf(scenario: Scenario): readonly string[] {
  const entries = Object.entries(scenario).map(([key, value]) => `${key}=${String(value)}`)
  return entries.flatMap((one, at) => entries.slice(at + 1).map((other) => `${one} ${other}`))
}

export function nameOf(scenario: Scenario): string {
  const { timeout, era, hold, approves, approvedAt, retriedAt, killed } = scenario
  return `${era} client of ${timeout} s, held ${hold} s, approved ${approves} ${approvedAt}, retried ${retriedAt}, killed ${killed}`
}
