/** Keeps one key of 32 bytes, under which those of the gateway are sealed in their files. */
export interface KeyWrapper {
  readonly name: string
  /** @returns what `unwrap` needs to give the key back; may be read by anybody who cannot ask the keeper. */
  wrap(key: Uint8Array): Promise<string>
  /** @throws Error that says why it cannot be had; never with the key in it. */
  unwrap(wrapped: string): Promise<Uint8Array>
}
