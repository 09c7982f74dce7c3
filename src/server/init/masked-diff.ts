import { lineDiff } from '../../approvals/line-diff.ts'
import { redactText } from '../../classify/secrets/redact-secrets.ts'
import type { SecretScanner } from '../../classify/secrets/secret-scanner.ts'

/** A line that nobody reads may hold whatever an agent keeps beside its servers. */
const LONGEST_LINE = 400
const MASK = '[secret]'

/**
 * What changes in a file, for people to read: lines that go and lines that come, without those around them, which are none of
 * this. Known values and what looks like a secret are masked.
 */
export function maskedDiff(
  before: string,
  after: string,
  { scanner, values }: { readonly scanner: SecretScanner; readonly values: readonly string[] },
): readonly string[] {
  const forms = values
    .flatMap((value) => [value, JSON.stringify(value).slice(1, -1)])
    .toSorted((a, b) => b.length - a.length)
  return lineDiff(before, after)
    .filter((line) => !line.startsWith(' '))
    .map((line) => {
      const masked = forms.reduce((text, form) => text.replaceAll(form, MASK), line)
      if (masked.length > LONGEST_LINE) return `${masked[0] ?? ''} (a line of ${masked.length} characters)`
      return maskNamed(redactText(masked, scanner.search(masked).finds))
    })
}

/** Values beside a name that asks for secrecy, whatever they look like. */
function maskNamed(line: string): string {
  const named =
    /("?[\w.-]*(?:auth|key|token|secret|passw|cookie|credential)[\w.-]*"?\s*[:=]\s*)"((?!Bearer |secret:)[^"]+|Bearer [^"]+)"/gi
  return line.replaceAll(named, (_all, name: string) => `${name}"${MASK}"`)
}
