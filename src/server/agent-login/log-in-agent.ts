import { RemitError } from '../../core/errors.ts'
import { oauthFailure } from '../../credentials/oauth/oauth-server.ts'
import type { Log } from '../../core/log.ts'
import { AgentTokens } from '../../credentials/agent-login/agent-tokens.ts'
import { loginByDevice } from '../../credentials/agent-login/device-login.ts'
import { findIssuer } from '../../credentials/agent-login/find-issuer.ts'
import { type LoginFile, takeLoginFile } from './login-file.ts'

export interface AgentLoginOptions {
  /** The gateway's MCP endpoint. */
  readonly url: string
  /** Where the login is kept; absent = in memory, and the task ends with the process. */
  readonly file?: string | undefined
  readonly tell: (text: string) => void
  readonly sleep: (milliseconds: number) => Promise<void>
  readonly now: () => number
  readonly log: Log
}

export interface AgentLogin {
  readonly token: () => Promise<string>
  /** At the end: what only this process holds is given back. */
  end(): Promise<void>
}

/**
 * A task for an agent's host that has nothing but the gateway's URL.
 * @throws RemitError `gateway_unreachable`, `token_missing`, `input_invalid`.
 */
export async function logInAgent(options: AgentLoginOptions): Promise<AgentLogin> {
  const { url, file, now, log } = options
  const gateway = await findIssuer(url)
  const kept = file === undefined ? undefined : takeLoginFile(file)
  try {
    const save: LoginFile['write'] = (tokens) => kept?.write(tokens)
    const known = kept?.read()
    if (known !== undefined && known.url !== url) {
      throw new RemitError(
        'input_invalid',
        `\`${file ?? ''}\` is a login at \`${known.url}\`; name another file`,
      )
    }
    let tokens = known === undefined ? undefined : new AgentTokens({ gateway, tokens: known, save, now, log })
    await tokens?.current()
    if (tokens === undefined || tokens.ended) {
      const given = await loginByDevice({ ...options, gateway })
      save(given)
      tokens = new AgentTokens({ gateway, tokens: given, save, now, log })
    }
    const of = tokens
    return {
      token: () => of.current(),
      end: async () => {
        if (kept === undefined) await of.giveBack()
        else kept.release()
      },
    }
  } catch (error) {
    kept?.release()
    throw oauthFailure(gateway.issuer.issuer, 'logging in', error)
  }
}
