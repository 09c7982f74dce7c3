import { DEFAULT_CONSENT_LIMITS } from '../core/consent-limits.ts'
import type { HumanId } from '../core/ids.ts'
import type { TeamLimits, WorkflowTemplate } from '../identity/workflow.ts'
import type { Config } from './config-schema.ts'

const HOUR = 3_600_000

const COMMON = {
  scope: {},
  environment: 'laptop',
  lifetime: 2 * HOUR,
  maxLifetime: 12 * HOUR,
  budget: {},
  consent: DEFAULT_CONSENT_LIMITS,
  loops: {
    repeated: { ask: 50, deny: 100 },
    failed: { ask: 10, deny: 20 },
    rewritten: { ask: 50, deny: 100 },
  },
} as const satisfies WorkflowTemplate

/** Kinds of work of an installation that configured none. Policy limits them; `ceiling` adds what the name says. */
const DEFAULT_WORKFLOWS: ReadonlyMap<string, WorkflowTemplate> = new Map([
  ['code', { ...COMMON, description: 'change code, tests and docs' }],
  ['fix-tests', { ...COMMON, description: 'make failing tests pass' }],
  ['review', { ...COMMON, description: 'read and comment, change nothing', budget: { writes: 0 } }],
])

/** The configured kinds of work, or the ones that come with Remit. */
export function workflowTemplates(config: Config): ReadonlyMap<string, WorkflowTemplate> {
  const configured = Object.entries(config.workflows)
  if (configured.length === 0) return DEFAULT_WORKFLOWS
  return new Map(
    configured.map(([name, { budget, scope, ceiling, teams, owner, ...rest }]) => [
      name,
      {
        ...rest,
        scope: presentOnly(scope),
        ceiling: presentOnly(ceiling),
        budget: presentOnly(budget),
        ...(owner === undefined ? {} : { owner: owner as HumanId }),
        ...(teams === undefined ? {} : { teams: teamLimits(teams) }),
      },
    ]),
  )
}

function teamLimits(teams: NonNullable<Config['workflows'][string]['teams']>): readonly TeamLimits[] {
  return Object.entries(teams).map(([team, { ceiling, budget }]) => ({
    team,
    ceiling: presentOnly(ceiling),
    budget: presentOnly(budget),
  }))
}

/** Without keys whose value is undefined: an absent limit and an undefined one must not differ. */
function presentOnly<Value extends object>(
  value: Value,
): { [K in keyof Value]?: Exclude<Value[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as never
}
