import type { Actor } from './administration.ts'

/** What is different between two lists of servers, by key. */
interface ServerListChanges {
  readonly added: readonly string[]
  readonly removed: readonly string[]
  /** Of each server that stays, the settings that differ. */
  readonly changed: Readonly<Record<string, readonly string[]>>
  /** Virtual servers that are new, gone or others. */
  readonly virtual: readonly string[]
}

type NameChanges = {
  readonly added: readonly string[]
  readonly removed: readonly string[]
  readonly changed: readonly string[]
}

/** What is different between two directories, by name. */
export type DirectoryChanges = {
  readonly humans: NameChanges
  readonly workflows: NameChanges
  readonly workloads: NameChanges
}

/** What reading the list of servers, and who is known, again came to. */
export interface ServersReload {
  /** `held`: it may let agents do more, so it waits for a second person. */
  readonly status: 'unchanged' | 'changed' | 'held'
  readonly changes: ServerListChanges
  /** Absent = the same people, workflows and workloads. */
  readonly directory?: DirectoryChanges
  /** Keys of the servers in force. */
  readonly servers: readonly string[]
  /** Keys at the top of the file that differ from what the gateway was started with. */
  readonly needsRestart: readonly string[]
  /** Hash of what waits. */
  readonly waiting?: string
}

/** A change of servers, people, workflows or workloads that waits for a second person. */
export type PendingServers = ServerListChanges & {
  readonly hash: string
  readonly directory?: DirectoryChanges
}

/** Changing the servers of a running gateway, for people. */
export interface ServerControl {
  /**
   * Reads the configuration file again, at once.
   * @throws RemitError `config_invalid`; the servers in force stay.
   */
  reload(actor: Actor): Promise<ServersReload>
}
