import { preparsePolicySet, statefulIsAuthorized } from '@cedar-policy/cedar-wasm/nodejs'
import { array, assert, nat, property } from 'fast-check'
import type { Est } from '../../src/policy/est.ts'
import { linkTemplates } from '../../src/policy/link-templates.ts'
import { quote } from '../../src/policy/print-expression.ts'
import type { Problem } from '../../src/policy/problem.ts'
import { CedarAuthorizer } from './authorize.ts'
import { EntityTable, recordFrom, uidOf } from './cedar-json.ts'
import { randomCase, Tape } from './random-cedar.ts'
import { randomTemplates, type RandomLink, type RandomTemplates } from './random-templates.ts'

/** A link as Remit makes one: from text, through the same code as a links file. */
function linked(
  templates: RandomTemplates['templates'],
  { templateId, newId, values }: RandomLink,
): readonly [string, Est] {
  const texts = Object.entries(values).map(([slot, { type, id }]) => [slot, `${type}::${quote(id)}`])
  const link = { newId, template: templateId, values: Object.fromEntries(texts) as object }
  const template = { id: templateId, file: 't', line: 1, column: 1, est: templates[templateId]! }
  const problems: Problem[] = []
  const [policy] = linkTemplates({ file: 'links', text: JSON.stringify([link]) }, [template], problems)
  if (policy === undefined) throw new Error(`no link was made: ${JSON.stringify(problems)}`)
  return [newId, policy.est]
}

/** Numbers that policies are drawn from, those of templates, and those of entities and requests. */
const TAPE = 900
const LINK_TAPE = 200
const FACT_TAPE = 2000

export interface Agreement {
  readonly requests: number
  readonly outcomes: { readonly [outcome: string]: number }
}

/** Compares the compiled engine with the official one. Throws fast-check's report at the first difference. */
export function compareWithWasm(sets: number, requestsEach: number, seed?: number): Agreement {
  let requests = 0
  const outcomes: Record<string, number> = {}
  const tape = array(nat({ max: 65_535 }), {
    minLength: TAPE + LINK_TAPE + FACT_TAPE,
    maxLength: TAPE + LINK_TAPE + FACT_TAPE,
    size: 'max',
  })
  assert(
    property(tape, (numbers) => {
      const random = randomCase(
        new Tape(numbers.slice(0, TAPE)),
        requestsEach,
        new Tape(numbers.slice(TAPE + LINK_TAPE)),
      )
      const { templates, links } = randomTemplates(new Tape(numbers.slice(TAPE, TAPE + LINK_TAPE)))
      const parsed = preparsePolicySet('differential', {
        staticPolicies: random.policies,
        templates,
        templateLinks: links,
      } as never)
      if (parsed.type === 'failure')
        throw new Error(`the generator made no policy: ${parsed.errors[0]?.message}`)
      const authorizer = new CedarAuthorizer(
        new Map([...Object.entries(random.policies), ...links.map((link) => linked(templates, link))]),
        new EntityTable(random.entities),
      )
      for (const request of random.requests) {
        requests++
        const got = authorizer.authorize({
          principal: uidOf(request.principal),
          action: uidOf(request.action),
          resource: uidOf(request.resource),
          context: recordFrom(request.context),
        })
        const wasm = statefulIsAuthorized({
          ...request,
          entities: random.entities,
          preparsedPolicySetId: 'differential',
        } as never)
        if (wasm.type === 'failure')
          throw new Error(`the generator made no request: ${wasm.errors[0]?.message}`)
        const { decision, diagnostics } = wasm.response
        const expected = {
          decision,
          reason: [...diagnostics.reason].sort(),
          errors: diagnostics.errors.map(({ policyId }) => policyId).sort(),
        }
        if (JSON.stringify(got) !== JSON.stringify(expected)) {
          throw new Error(
            `compiled ${JSON.stringify(got)}, wasm ${JSON.stringify({ expected, errors: diagnostics.errors })}\n${JSON.stringify({ request, policies: random.policies, templates, links, entities: random.entities })}`,
          )
        }
        const outcome = `${decision}${expected.errors.length > 0 ? ' with errors' : ''}`
        outcomes[outcome] = (outcomes[outcome] ?? 0) + 1
      }
    }),
    { numRuns: sets, ...(seed === undefined ? {} : { seed }) },
  )
  return { requests, outcomes }
}
