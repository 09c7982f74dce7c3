import { RemitError } from '../../core/errors.ts'
import { oauthFailure } from '../../credentials/oauth/oauth-server.ts'
import type { Log } from '../../core/log.ts'
import { AgentTokens } from '../../credentials/agent-login/agent-tokens.ts'
import { loginByDevice } from '../../credentials/agent-login/device-login.ts'
import type { ProveRequest } from '../../credentials/agent-login/proving-transport.ts'
import { findIssuer } from '../../credentials/agent-login/find-issuer.ts'
import type { KeptTokens } from '../../credentials/agent-login/kept-tokens.ts'
import { HolderKey } from '../../identity/holder-key.ts'
import { takeFreeLoginFile, takeLoginFile } from './login-file.ts'

export interface AgentLoginOptions {
  /** The gateway's MCP endpoint. */
  readonly url: string
  /** Where the login is kept; absent = in memory, and the task ends with the process. */
  readonly file?: string | undefined
  /** Where another process has that file, one beside it is taken. */
  readonly beside?: boolean
  readonly tell: (text: string) => void
  readonly sleep: (milliseconds: number) => Promise<void>
  readonly now: () => number
  readonly log: Log
}

export interface AgentLogin {
  readonly token: () => Promise<string>
  /** Holds the task: its tokens are bound to it. */
  readonly key: HolderKey
  /** Where it is kept; absent = in memory. */
  readonly file?: string
  /** At the end: what only this process holds is given back. */
  end(): Promise<void>
}

/**
 * A task for an agent's host that has nothing but the gateway's URL.
 * @throws RemitError `gateway_unreachable`, `token_missing`, `input_invalid`, `key_unusable`.
 */
export async function logInAgent(options: AgentLoginOptions): Promise<AgentLogin> {
  const { url, file, now, log } = options
  const gateway = await findIssuer(url)
  const take = options.beside === true ? takeFreeLoginFile : takeLoginFile
  const kept = file === undefined ? undefined : take(file)
  try {
    const known = kept?.read()
    const key = known?.key === undefined ? HolderKey.make() : HolderKey.fromPem(known.key)
    const save = (tokens: KeptTokens): void => kept?.write({ ...tokens, key: key.toPem() })
    const prove: ProveRequest = (of) => key.prove({ ...of, now: now() })
    if (known !== undefined && known.url !== url) {
      throw new RemitError(
        'input_invalid',
        `\`${kept?.path ?? ''}\` is a login at \`${known.url}\`; name another file`,
      )
    }
    // Before anything is bound to it.
    if (known !== undefined) save(known)
    const renewing = { gateway, save, prove, now, log }
    let tokens = known === undefined ? undefined : new AgentTokens({ ...renewing, tokens: known })
    await tokens?.current()
    if (tokens === undefined || tokens.ended) {
      const given = await loginByDevice({ ...options, gateway, prove })
      save(given)
      tokens = new AgentTokens({ ...renewing, tokens: given })
    }
    const of = tokens
    return {
      token: () => of.current(),
      key,
      ...(kept === undefined ? {} : { file: kept.path }),
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
