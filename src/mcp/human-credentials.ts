import type { HumanId } from '../core/ids.ts'

/** Credentials that belong to humans, for servers that are reached as one of them. */
export interface HumanCredentials {
  /** Sees to it that there is a good one. @throws RemitError `credential_needed`, `upstream_unavailable`. */
  ready(server: string, human: HumanId): Promise<void>
  /**
   * The server refused what it was sent (`Authorization`). @returns true = there is another one to try.
   * @throws RemitError `credential_needed`, `upstream_unavailable`.
   */
  refused(server: string, human: HumanId, authorization: string): Promise<boolean>
  /** What every request bears now. @throws RemitError `credential_needed`. */
  headers(server: string, human: HumanId): Readonly<Record<string, string>>
}
