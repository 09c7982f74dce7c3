import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The running gateway, as its state folder describes it to the local user. */
export interface Gateway {
  /** URL of the MCP endpoint. */
  readonly agentUrl: string
  readonly adminUrl: string
  readonly storedCredential: string
}

export function findGateway(state: string): Gateway {
  try {
    const described = JSON.parse(readFileSync(join(state, 'gateway.json'), 'utf8')) as {
      readonly agentUrl: string
      readonly adminUrl: string
    }
    const storedCredential = readFileSync(join(state, 'local-credential'), 'utf8').trim()
    return { agentUrl: described.agentUrl, adminUrl: described.adminUrl, storedCredential }
  } catch {
    throw new Error('no running gateway found; start one with `npm start` in another terminal first')
  }
}

/** One request to the admin plane with the credential given. */
export async function admin<Answer>(
  gateway: Gateway,
  path: string,
  options: { readonly credential: string; readonly body?: unknown },
): Promise<Answer> {
  const answer = await fetch(`${gateway.adminUrl}${path}`, {
    method: options.body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${options.credential}`, 'content-type': 'application/json' },
    ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
  })
  const json = (await answer.json()) as Answer & { readonly error?: { readonly message: string } }
  if (!answer.ok) throw new Error(`${path}: ${json.error?.message ?? answer.status}`)
  return json
}
