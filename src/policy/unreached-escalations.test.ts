import { expect, test } from 'vitest'
import { parsedOf } from '../../test/policy/compiled.ts'
import { problemText } from './problem.ts'
import { unreachedEscalations } from './unreached-escalations.ts'

const { policies } = parsedOf(`@id("x") @consent("ci") @consent_by("maintainer") @escalate_to("security")
@escalate_after("10m") forbid (principal is Task, action, resource);
@id("y") @consent("ci") forbid (principal is Task, action, resource);`)

test('R-CON-2: a rule that lets others approve only once requests have ended is named, with its place', () => {
  for (const minutes of [5, 10])
    expect(unreachedEscalations(policies, minutes * 60_000).map(problemText)).toEqual([
      expect.stringMatching(
        new RegExp(
          `:1:1: \`x\` lets \`security\` approve after 10m, but requests end after ${minutes}m \\(\`consent.expires\`\\)`,
        ),
      ),
    ])
  expect(unreachedEscalations(policies, 11 * 60_000)).toEqual([])
})
