import { type Gate, SEVERITIES, type Severity } from './decision.ts'

/** The highest severity of these gates. */
export function gravest(gates: readonly Pick<Gate, 'severity'>[]): Severity {
  return SEVERITIES.findLast((each) => gates.some(({ severity }) => severity === each)) ?? 'low'
}

/** As a number that grows with it, for stores that sort. */
export function gravityOf(gates: readonly Pick<Gate, 'severity'>[]): number {
  return SEVERITIES.indexOf(gravest(gates))
}
