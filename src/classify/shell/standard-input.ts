import type { Redirection } from 'unbash'
import { isUnseen, literalArgument, type Argument } from './argument.ts'

/**
 * Whether standard input is certainly a pipe or text of the line: then a search without a folder reads that, and else
 * it goes through the folder, as it does when its input is a terminal, `/dev/null`, closed, or `< file` names a folder.
 * @param outer whether it is so without these redirections.
 */
export function isInputGiven(redirects: readonly Redirection[], outer: boolean): boolean {
  let given = outer
  for (const redirection of redirects) {
    if (isOfInput(redirection)) given = redirection.type === 'HereDoc' || redirection.type === 'HereString'
  }
  return given
}

/** Whether `exec` with these redirections gives the rest of the shell another standard input. */
export function changesInput(redirects: readonly Redirection[]): boolean {
  return redirects.some(isOfInput)
}

/** `< file`, `0> file`; another descriptor leaves standard input alone. */
function isOfInput({ operator, descriptor }: Redirection): boolean {
  if (descriptor === undefined) return operator.startsWith('<')
  return descriptor.type === 'FileDescriptor' && descriptor.value === 0
}

/** The text of a here-document, as its reader gets it. */
export function hereDocument({
  body,
  delimiter,
  pos,
  end,
}: Extract<Redirection, { type: 'HereDoc' }>): Argument {
  const { parts, text } = body
  const quoted = parts === undefined || delimiter?.quoted === true
  const plain = quoted || parts.every((part) => part.type === 'Literal')
  if (plain) return literalArgument(text, [pos, end])
  const unseen = isUnseen(parts) ? ({ unseen: true } as const) : {}
  return { ...literalArgument(text, [pos, end]), kind: 'dynamic', ...unseen }
}
