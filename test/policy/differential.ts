import { preparsePolicySet, statefulIsAuthorized } from '@cedar-policy/cedar-wasm/nodejs'
import { array, assert, nat, property } from 'fast-check'
import { CedarAuthorizer } from './authorize.ts'
import { EntityTable, recordFrom, uidOf } from './cedar-json.ts'
import { randomCase, Tape } from './random-cedar.ts'

export interface Agreement {
  readonly requests: number
  readonly outcomes: { readonly [outcome: string]: number }
}

/** Compares the compiled engine with the official one. Throws fast-check's report at the first difference. */
export function compareWithWasm(sets: number, requestsEach: number, seed?: number): Agreement {
  let requests = 0
  const outcomes: Record<string, number> = {}
  const tape = array(nat({ max: 65_535 }), { minLength: 900, maxLength: 900, size: 'max' })
  assert(
    property(tape, (numbers) => {
      const random = randomCase(new Tape(numbers), requestsEach)
      const parsed = preparsePolicySet('differential', { staticPolicies: random.policies as never })
      if (parsed.type === 'failure')
        throw new Error(`the generator made no policy: ${parsed.errors[0]?.message}`)
      const authorizer = new CedarAuthorizer(
        new Map(Object.entries(random.policies)),
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
            `compiled ${JSON.stringify(got)}, wasm ${JSON.stringify({ expected, errors: diagnostics.errors })}\n${JSON.stringify({ request, policies: random.policies, entities: random.entities })}`,
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
