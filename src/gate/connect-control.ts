import type { Actor } from './administration.ts'

/** Connecting humans to servers whose tokens are theirs (OAuth). Who connects proves who they are with a code. */
export interface ConnectControl {
  /**
   * @param scope asked for beside the usual ones.
   * @returns where the human agrees, and what `finish` takes.
   * @throws RemitError `role_missing`, `not_found`, `input_invalid`, `upstream_unavailable`.
   */
  start(
    actor: Actor,
    server: string,
    scope?: string,
  ): Promise<{ readonly flow: string; readonly url: string }>
  /**
   * A browser came back; it is shown the number. Nobody is known yet.
   * @throws RemitError `input_invalid`.
   */
  comeBack(params: URLSearchParams): Promise<{ readonly server: string; readonly number: string }>
  /** @throws RemitError `role_missing`, `input_invalid`, `upstream_unavailable`. */
  finish(actor: Actor, flow: string, number: string): Promise<void>
  /** @param human whose; absent = the actor's own. @throws RemitError `role_missing`, `not_found`. */
  disconnect(actor: Actor, server: string, human: string | undefined): Promise<void>
}
