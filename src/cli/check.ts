/** One thing that was looked at. `note`: worth knowing, and nothing that a command could mend. */
export interface Check {
  readonly name: string
  readonly result: 'good' | 'note' | 'bad'
  readonly says: string
  readonly fix?: string
}
