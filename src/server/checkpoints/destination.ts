/** A place outside that checkpoints are copied to. */
export interface Destination {
  /** As `remit status` shows it. */
  readonly name: string
  /**
   * @param note the newest checkpoint.
   * @param before size of the one that was delivered last; 0 = none is known.
   * @throws Error that says why it was not taken.
   */
  deliver(note: string, before: number): Promise<void>
}
