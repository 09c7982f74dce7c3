/** A file of the console as it was built. */
export interface ConsoleFile {
  readonly bytes: Uint8Array
  /** The same, gzipped. */
  readonly packed: Uint8Array
  readonly type: string
}

/** What the page loads, by address below the plane’s base, with the digest that it must have. */
export interface ConsoleAsset {
  readonly path: string
  readonly integrity: string
}

/** The console as it lay in the package when the gateway started. */
export interface ConsoleBuild {
  readonly script: ConsoleAsset
  readonly style: ConsoleAsset
  /** By address below the plane’s base. Names hold a digest of the content, so that they never change. */
  readonly files: ReadonlyMap<string, ConsoleFile>
}

export const CONSOLE_PREFIX = '/console/'
