import type { FleetAnswer } from '../../../src/api/fleet-contract.ts'
import { useBackground } from '../use-background.ts'

/** How many agents have something that is to be mended. @param forThem whether somebody is logged in. */
export function useWrongAgents(forThem: boolean, screen: string): number {
  return useBackground<FleetAnswer>(forThem ? '/fleet?limit=1' : undefined, { screen }).value?.wrong ?? 0
}
