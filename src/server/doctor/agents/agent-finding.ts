/** Something about an agent of this machine, in words for its human. */
export interface AgentFinding {
  readonly about: 'hooks' | 'servers' | 'version' | 'settings'
  /** As in `Check`. */
  readonly result: 'good' | 'note' | 'bad'
  readonly says: string
  readonly fix?: string
}
