import { evaluationError } from '../evaluation-error.ts'
import { ExtensionValue } from './extension-value.ts'
import { long, type Long } from './long.ts'

/** Four digits after the point, held as i64 ten-thousandths. https://docs.cedarpolicy.com/policies/syntax-datatypes.html#datatype-decimal */
export class Decimal extends ExtensionValue {
  readonly kind = 'decimal'
  readonly tenThousandths: Long

  constructor(tenThousandths: Long) {
    super()
    this.tenThousandths = tenThousandths
  }

  key(): string {
    return String(this.tenThousandths)
  }
}

const DECIMAL = /^(-?)(\d+)\.(\d{1,4})$/

/** @throws RemitError for text that is no decimal, or one beyond i64 ten-thousandths. */
export function parseDecimal(text: string): Decimal {
  const match = DECIMAL.exec(text)
  if (match === null) throw evaluationError(`\`${text}\` is not a decimal`)
  const [, sign, whole = '', fraction = ''] = match
  const magnitude = BigInt(whole) * 10_000n + BigInt(fraction.padEnd(4, '0'))
  return new Decimal(long(sign === '-' ? -magnitude : magnitude, 'decimal'))
}
