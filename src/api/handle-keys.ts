import { type KeysAnswer, rotateKeysBody } from './contract.ts'
import { actorOf, type Handler, parseBody } from './route.ts'

export const listKeys: Handler = async ({ keyControl }) => ({
  status: 200,
  json: { keys: keyControl.list() } satisfies KeysAnswer,
})

export const rotateKeys: Handler = async ({ keyControl }, request) => {
  const { compromised } = parseBody(rotateKeysBody, request.body)
  const keys = await keyControl.rotate(actorOf(request), compromised)
  return { status: 200, json: { keys } satisfies KeysAnswer }
}
