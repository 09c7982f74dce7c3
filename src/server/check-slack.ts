import type { ConfigProblem } from './config-problem.ts'
import type { Config } from './config-schema.ts'

/** Who answers in Slack is one person here. */
export function checkSlack({ humans }: Config): readonly ConfigProblem[] {
  const seen = new Map<string, string>()
  return humans.flatMap(({ id, slack }, at) => {
    if (slack === undefined) return []
    const twin = seen.get(slack)
    seen.set(slack, id)
    return twin === undefined
      ? []
      : [
          {
            path: ['humans', String(at), 'slack'],
            message: `is \`${twin}\` already: a member of Slack is one human`,
          },
        ]
  })
}
