import { certificateHolder } from '../core/holder.ts'

/** The holder (`core/holder.ts`) whom a token of the library names; undefined = none. */
export function boundTo(token: object): string | undefined {
  const { jkt, 'x5t#S256': certificate } = token as {
    readonly jkt?: string
    readonly 'x5t#S256'?: string
  }
  return jkt ?? (certificate === undefined ? undefined : certificateHolder(certificate))
}
