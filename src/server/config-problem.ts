/** Something that the schema cannot see: a value that does not go with another one. */
export interface ConfigProblem {
  readonly path: readonly string[]
  readonly message: string
}
