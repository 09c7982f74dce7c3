import { acceptPolicyBody, type PendingAnswer, type ReloadAnswer } from './contract.ts'
import { type PoliciesAnswer, type PolicyAnswer, policyTextQuery } from './console-contract.ts'
import { actorOf, type Handler, parseBody, parseQuery } from './route.ts'

export const listPolicies: Handler = async ({ policyView }) => ({
  status: 200,
  json: policyView.list() satisfies PoliciesAnswer,
})

export const showPolicy: Handler = async ({ policyView }, request) => {
  const { id } = parseQuery(policyTextQuery, request.query)
  return { status: 200, json: { id, text: await policyView.text(id) } satisfies PolicyAnswer }
}

export const reloadPolicies: Handler = async ({ policyControl }, request) => ({
  status: 200,
  json: (await policyControl.reload(actorOf(request))) satisfies ReloadAnswer,
})

export const pendingPolicies: Handler = async ({ policyControl }) => ({
  status: 200,
  json: (await policyControl.pending()) satisfies PendingAnswer,
})

export const acceptPolicies: Handler = async ({ policyControl }, request) => {
  const { hash } = parseBody(acceptPolicyBody, request.body)
  return {
    status: 200,
    json: (await policyControl.accept(actorOf(request), hash)) satisfies ReloadAnswer,
  }
}
