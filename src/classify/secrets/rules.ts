import { GITLEAKS_RULES } from './gitleaks-rules.ts'
import { OWN_RULES } from './own-rules.ts'

export interface SecretRule {
  readonly kind: string
  /** Shannon entropy, in bits a character, that the value must have. */
  readonly entropy: number
  readonly keywords: readonly string[]
  /** Value assigned to a name: a general shape, so that its value must look random too. */
  readonly assigned: boolean
  /** How far before and behind a keyword the expression may look, in UTF-16 code units. */
  readonly before: number
  readonly after: number
  /** Begins with its keyword: tried there alone. */
  readonly anchored: boolean
  readonly pattern: RegExp
}

const LINK = String.raw`(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}`
const END = String.raw`(?:[\x60'"\s;]|\\[nr]|$)`

/** Values that may be long: keys and tokens that carry content. */
const LONG: Readonly<Record<string, number>> = {
  'private-key': 16_384,
  'private-key-open': 16_384,
  'kubeconfig-client-key': 8_192,
  'putty-key': 8_192,
  '1password-service-account-token': 4_096,
  jwt: 4_096,
  'jwt-base64': 4_096,
  'authorization-header': 2_100,
  'bearer-token': 2_100,
  'flyio-access-token': 2_048,
  'pypi-upload-token': 1_200,
}

/** Without a file’s name nobody knows that it is Terraform’s. */
const RENAMED: Readonly<Record<string, string>> = { 'hashicorp-tf-password': 'quoted-password' }

/** Expressions that begin with their keyword, and reach far: they are tried at the keyword alone. */
const ANCHORED: ReadonlySet<string> = new Set([
  'url-credentials',
  'curl-auth-user',
  'private-key',
  'private-key-open',
  'netrc-password',
])

export const SECRET_RULES: readonly SecretRule[] = [...parseRules(OWN_RULES), ...parseRules(GITLEAKS_RULES)]

function parseRules(table: string): readonly SecretRule[] {
  return table
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [id = '', form = '', entropy = '', keywords = '', source = ''] = line.split('\t')
      const kind = RENAMED[id] ?? id
      const assigned = form.endsWith('=')
      return {
        kind,
        assigned,
        anchored: ANCHORED.has(kind),
        entropy: Number(entropy),
        keywords: keywords.split(' '),
        before: ANCHORED.has(kind) ? 0 : assigned ? 24 : 128,
        after: LONG[kind] ?? 640,
        pattern: expression(source, form, ANCHORED.has(kind)),
      }
    })
}

function expression(source: string, form: string, anchored: boolean): RegExp {
  const flags = `${anchored ? 'y' : 'g'}${form.startsWith('i') ? 'i' : ''}`
  if (!form.endsWith('=')) return new RegExp(source, flags)
  const [name = '', value = ''] = source.split(' ~~ ')
  return new RegExp(`(?i:${name})${LINK}${value}${END}`, flags)
}
