import type { SecretScanner } from '../../classify/secrets/secret-scanner.ts'
import { looksSecret, SECRET_NAME } from '../clear-secrets.ts'
import type { Findings, HiddenValue, ImportOptions } from './draft.ts'

/** `${input:id}`, `${env:NAME}`, `${NAME}` or `${NAME:-default}`, with a scheme before it or without. */
const PLACEHOLDER = /^([A-Za-z][A-Za-z-]* )?\$\{(?:input:|env:)?(\w[\w.-]*)(?::-([^}]*))?\}$/

/** What one server is called, and what is found out about it. */
export interface Hiding {
  readonly key: string
  readonly scanner: SecretScanner
  readonly findings: Findings
  readonly hidden?: ImportOptions['hidden']
}

/**
 * Environment or headers with a reference in place of each secret and of each placeholder. No secret is written or shown.
 * @param field how messages call it.
 */
export function hideValues(
  { key, scanner, findings, hidden }: Hiding,
  field: 'env' | 'headers',
  values: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const shown: Record<string, string> = {}
  const hide = (name: string, scheme: string, secret: string, is: Omit<HiddenValue, 'name'>): void => {
    const called = secretName(secret)
    findings.secrets.push(called)
    hidden?.({ name: called, ...is })
    shown[name] = `${scheme}secret:${called}`
  }
  for (const [name, value] of Object.entries(values)) {
    const placeholder = PLACEHOLDER.exec(value)
    const [, scheme = '', variable = '', fallback = ''] = placeholder ?? []
    if (placeholder !== null) {
      if (fallback === '' || looksSecret(scanner, name, fallback)) {
        hide(name, scheme, variable, { variable, ...(fallback === '' ? {} : { value: fallback }) })
      } else shown[name] = scheme + fallback
    } else if (value.includes('${')) {
      findings.problems.push(`\`${field}.${name}\` has a placeholder among other words; write its value`)
    } else if (looksSecret(scanner, name, value)) {
      const [, words = ''] = /^([A-Za-z][A-Za-z-]* )\S+$/.exec(value) ?? []
      hide(name, words, `${key}-${name}`, { value: value.slice(words.length) })
    } else shown[name] = value
  }
  return shown
}

/** Texts that have no place for a secret: whatever holds one, or a placeholder, cannot be imported. */
export function refuseHidden({ scanner, findings }: Hiding, field: string, texts: readonly string[]): void {
  for (const [at, text] of texts.entries()) {
    const where = texts.length === 1 ? `\`${field}\`` : `\`${field}[${at}]\``
    if (text.includes('${')) findings.problems.push(`${where} has a placeholder; write its value`)
    else if (isSecretHere(scanner, texts[at - 1], text)) {
      findings.problems.push(`${where} looks like a secret; secrets go into \`env\` or \`headers\` only`)
    }
  }
}

/** Behind a flag that asks for one, or in the query of a URL. */
function isSecretHere(scanner: SecretScanner, before: string | undefined, text: string): boolean {
  const assigned = /^-{0,2}([\w-]+)=(.+)$/.exec(text)
  if (assigned !== null) return looksSecret(scanner, assigned[1] ?? '', assigned[2] ?? '')
  const flag = before !== undefined && /^--?[\w-]+$/.test(before) ? before : ''
  if (looksSecret(scanner, flag.startsWith('-') && !text.startsWith('-') ? flag : 'value', text)) return true
  return URL.canParse(text) && [...new URL(text).searchParams.keys()].some((name) => SECRET_NAME.test(name))
}

function secretName(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^a-z0-9.-]+/g, '-')
    .replaceAll(/^[-.]+|-+$/g, '')
    .slice(0, 64)
}
