import {
  removeSecretBody,
  type SecretAnswer,
  type SecretsAnswer,
  type SecretsResealedAnswer,
  secretValueBody,
  setSecretBody,
} from './contract.ts'
import { actorOf, type Handler, parseBody } from './route.ts'

export const listSecrets: Handler = async ({ secretControl }) => ({
  status: 200,
  json: { secrets: secretControl.list() } satisfies SecretsAnswer,
})

export const setSecret: Handler = async ({ secretControl }, request) => {
  const { name, value } = parseBody(setSecretBody, request.body)
  const secret = await secretControl.set(actorOf(request), name, value)
  return { status: 200, json: { secret } satisfies SecretAnswer }
}

export const rotateSecret: Handler = async ({ secretControl }, request) => {
  const { value } = parseBody(secretValueBody, request.body)
  const secret = await secretControl.rotate(actorOf(request), request.params['name'] ?? '', value)
  return { status: 200, json: { secret } satisfies SecretAnswer }
}

export const removeSecret: Handler = async ({ secretControl }, request) => {
  const { force } = parseBody(removeSecretBody, request.body)
  await secretControl.remove(actorOf(request), request.params['name'] ?? '', force)
  return { status: 200, json: {} }
}

export const resealSecrets: Handler = async ({ secretControl }, request) => ({
  status: 200,
  json: (await secretControl.reseal(actorOf(request))) satisfies SecretsResealedAnswer,
})
