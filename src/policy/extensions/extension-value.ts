export type ExtensionKind = 'datetime' | 'decimal' | 'duration' | 'ipaddr'

/** A value of one of Cedar's extension types. */
export abstract class ExtensionValue {
  abstract readonly kind: ExtensionKind
  /** Two values of a kind are equal exactly when their keys are. */
  abstract key(): string
}
