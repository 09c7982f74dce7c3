import { newEnforcer, newModelFromString, StringAdapter } from 'casbin'

/**
 * The rules of bench/decision.ts for casbin, as near as it comes: it has no sets, no schema and no third outcome,
 * so labels and times are booleans made beforehand, and a gate is a denial.
 */
const MODEL = `
[request_definition]
r = facts, action, repository
[policy_definition]
p = rule, action, repository, eft
[role_definition]
g = _, _
[policy_effect]
e = some(where (p.eft == allow)) && !some(where (p.eft == deny))
[matchers]
m = r.repository == p.repository && g(r.action, p.action) && eval(p.rule)
`

const GROUPS: readonly (readonly [string, string])[] = [
  ['file.write', 'write'],
  ['file.write', 'any'],
  ['file.read', 'any'],
]

function teamRules(team: number): readonly string[] {
  const repository = `acme/service-${team}`
  const rule = (condition: string, action: string, effect: 'allow' | 'deny'): string =>
    `p, "${condition}", ${action}, ${repository}, ${effect}`
  return [
    rule(`r.facts.team == 'team-${team}'`, 'file.read', 'allow'),
    rule(`r.facts.team == 'team-${team}' && r.facts.writes < 500`, 'file.write', 'allow'),
    rule('r.facts.secret', 'any', 'deny'),
    rule('r.facts.ci', 'write', 'deny'),
    rule('r.facts.lockfile', 'file.write', 'deny'),
    rule(`r.facts.sandboxed && r.facts.workflow == 'fix-${team}'`, 'shell.execute', 'allow'),
    rule('!r.facts.protected', 'git.push', 'allow'),
    rule(`r.facts.hour < 6 && r.facts.environment == 'production'`, 'write', 'deny'),
    rule('r.facts.untrusted', 'egress', 'deny'),
    rule('r.facts.now < 1893456000000', 'repo.read', 'allow'),
  ]
}

/** One write, decided by casbin under as many policies. */
export async function casbinDecision(policies: number): Promise<(labels: readonly string[]) => boolean> {
  const rules = Array.from({ length: policies / 10 }, (_, team) => teamRules(team)).flat()
  const groups = GROUPS.map(([action, group]) => `g, ${action}, ${group}`)
  const adapter = new StringAdapter([...rules, ...groups].join('\n'))
  const enforcer = await newEnforcer(newModelFromString(MODEL), adapter)
  return (labels) => {
    const facts = {
      team: 'team-1',
      writes: 0,
      sandboxed: false,
      workflow: 'fix-1',
      hour: 10,
      environment: 'laptop',
      now: Date.UTC(2026, 10, 22, 10),
      untrusted: false,
      secret: labels.includes('secret'),
      ci: labels.includes('ci'),
      lockfile: labels.includes('lockfile'),
      protected: false,
    }
    return enforcer.enforceSync(facts, 'file.write', 'acme/service-1')
  }
}
