import { acceptPolicyBody, type PendingAnswer, type ReloadAnswer } from './contract.ts'
import { actorOf, type Handler, parseBody } from './route.ts'

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
