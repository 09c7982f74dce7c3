import type { ConfigProblem } from './config-problem.ts'
import type { Config } from './config-schema.ts'

/**
 * Claims of which one must be bound where the whole world has tokens of the issuer, and what a pattern of it must name
 * whole.
 */
const OWNERS: Readonly<Record<string, Readonly<Record<string, RegExp>>>> = {
  github: {
    repository: /^[^*/]+\//,
    repository_id: /^[^*]+$/,
    repository_owner: /^[^*]+$/,
    repository_owner_id: /^[^*]+$/,
    sub: /^repo:[^*/]+\//,
  },
  gitlab: {
    project_path: /^[^*/]+\//,
    project_id: /^[^*]+$/,
    namespace_path: /^[^*]+$/,
    namespace_id: /^[^*]+$/,
    sub: /^project_path:[^*/]+\//,
  },
}

/** Workloads begin tasks of workflows that exist, for people who exist, and never everybody's. */
export function checkWorkloads({ humans, workflows, workloads }: Config): readonly ConfigProblem[] {
  const problems: ConfigProblem[] = []
  const people = new Set(humans.map(({ id }) => id))
  for (const [name, { kind, workflow, human, where }] of Object.entries(workloads)) {
    const at = ['workloads', name]
    if (!Object.hasOwn(workflows, workflow)) {
      problems.push({
        path: [...at, 'workflow'],
        message: `names \`${workflow}\`, which is not in \`workflows\``,
      })
    } else if (human === undefined && workflows[workflow]?.owner === undefined) {
      const message = `needs \`human\`, or an \`owner\` of the workflow \`${workflow}\`: every task names a human`
      problems.push({ path: at, message })
    }
    for (const [value, id] of Object.entries(human?.map ?? {})) {
      if (people.has(id)) continue
      problems.push({
        path: [...at, 'human', 'map', value],
        message: `names \`${id}\`, who is not in \`humans\``,
      })
    }
    const owners = OWNERS[kind]
    if (
      owners !== undefined &&
      !Object.entries(where).some(([claim, each]) => each.every((one) => owners[claim]?.test(one)))
    ) {
      const message = `must say whose, since everybody has tokens of \`${kind}\`: one of ${Object.keys(owners)
        .map((each) => `\`${each}\``)
        .join(', ')}, with the owner in full, like \`acme/*\``
      problems.push({ path: [...at, 'where'], message })
    }
  }
  for (const [name, { owner }] of Object.entries(workflows)) {
    if (owner === undefined || people.has(owner)) continue
    problems.push({
      path: ['workflows', name, 'owner'],
      message: `names \`${owner}\`, who is not in \`humans\``,
    })
  }
  return problems
}
