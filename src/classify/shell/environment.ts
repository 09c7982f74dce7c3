import type { Argument } from './argument.ts'
import type { CommandSite, ProgramReader } from './command-site.ts'
import { isKnownVariable, isSecretVariable } from './variables.ts'

/** Everything that the environment holds is shown, keys and tokens with it. */
export function showEnvironment({ findings, span }: Pick<CommandSite, 'findings' | 'span'>): void {
  findings.add('secret.read', { type: 'Secret', id: 'env/*', ancestors: [] }, { span })
}

/** `NAME=value`; `undefined` = the value is not known before it runs. */
export function readAssignment(word: Argument | undefined): {
  readonly name: string
  readonly value: string | undefined
} {
  const [, name = '', value] = /^([^=]*)(?:=(.*))?$/s.exec(word?.text ?? '') ?? []
  return { name, value: word?.kind === 'literal' ? value : undefined }
}

/** `printenv`, `printenv NAME`. */
export const printenv: ProgramReader = (site) => {
  const { args, findings, span } = site
  const names = args.filter(({ text, kind }) => kind !== 'literal' || !/^(-0|--null)$/.test(text))
  if (names.length === 0) showEnvironment(site)
  for (const { text, kind } of names) {
    if (kind === 'literal' && isSecretVariable(text))
      findings.add('secret.read', { type: 'Secret', id: `env/${text.slice(0, 64)}`, ancestors: [] }, { span })
  }
  return names.length > 0 && names.every(({ text, kind }) => kind === 'literal' && isKnownVariable(text))
}
