import type { Confinement } from '../core/confinement.ts'
import type { JsonObject } from '../core/json.ts'

/** How the process of a stdio server is started. */
export interface Launch {
  readonly command: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  /** In a sandbox whose first process is ours, and with which everything in it ends. */
  readonly confined: boolean
  /** What it is that is started, for its pin. */
  readonly program: JsonObject
}

/** Decides, each time that a server is started, how. */
export interface Launcher {
  readonly confinement: Confinement
  /** @throws RemitError `upstream_unavailable`: then nothing is started. */
  launch(): Promise<Launch>
}
