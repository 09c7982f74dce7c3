import type { Command, SyntaxNode } from 'unbash'
import { readWord, type Argument } from './argument.ts'

const SHELL = /^(.*\/)?(ba|z|da|k|fi|a)?sh$/
const INTERPRETER = /^(.*\/)?(python[\d.]*|perl|ruby|node|php|lua|tclsh|osascript|pwsh)$/
/** Programs that make text into other text that nobody can read beforehand. */
const DECODERS =
  /^(.*\/)?(base32|base64|basenc|xxd|openssl|gpg2?|uudecode|rev|tr|gunzip|gzip|zcat|bunzip2|bzcat|xz|xzcat|unxz|zstd|brotli|iconv|recode)$/

/** A pipeline that ends in a program which runs what it is given. */
export interface PipedScript {
  readonly shell: string
  readonly isShell: boolean
  /** The text that it is given, where the line says it: `echo 'rm x' | sh`. */
  readonly text: Argument | undefined
  /** It passes through something that hides what it is. */
  readonly hidden: boolean
}

/** `undefined` = the last command runs nothing of what it reads. */
export function readPipedScript(commands: readonly SyntaxNode[]): PipedScript | undefined {
  const last = commands.at(-1)
  const shell = startedBy(last) ?? nameOf(last)
  const isShell = SHELL.test(shell)
  if (!isShell && !INTERPRETER.test(shell)) return undefined
  const before = commands.slice(0, -1)
  const [only] = before
  return {
    shell,
    isShell,
    text: before.length === 1 && only?.type === 'Command' ? printed(only) : undefined,
    hidden:
      readsScript(last) &&
      (before.some((command) => DECODERS.test(nameOf(command))) || before.some(hasEscapes)),
  }
}

function nameOf(node: SyntaxNode | undefined): string {
  return node?.type === 'Command' && node.name !== undefined ? node.name.value : ''
}

/** The program that another one starts as it is. */
function startedBy(node: SyntaxNode | undefined): string | undefined {
  if (!/^(sudo|doas|env|nohup|exec|command)$/.test(nameOf(node)) || node?.type !== 'Command') return undefined
  const [only] = node.args
  return node.args.length === 1 ? only?.text : undefined
}

/** It has no script of its own: `sh`, `sh -s x`, `sudo sh`. */
function readsScript(node: SyntaxNode | undefined): boolean {
  if (node?.type !== 'Command' || startedBy(node) !== undefined) return node !== undefined
  const words = node.args.map(({ text }) => text)
  return words.includes('-s') || words.every((text) => /^-(?![A-Za-z]*[ceEpr]$)/.test(text))
}

/** What `echo` or `printf` prints of plain words. */
function printed(command: Command): Argument | undefined {
  const name = nameOf(command)
  if (name !== 'echo' && name !== 'printf') return undefined
  const words = command.args.map((part) => (part.type === 'Word' ? readWord(part) : undefined))
  const literal = words.filter((word) => word?.kind === 'literal')
  const [first] = literal
  if (first === undefined || literal.length !== words.length) return undefined
  const text = literal
    .map((word) => word?.text ?? '')
    .filter((word) => !/^-[neE]+$/.test(word))
    .join(' ')
    .replaceAll('\\n', '\n')
  return { ...first, text }
}

/** `printf "\x72\x6d"`: letters written as numbers. */
function hasEscapes(node: SyntaxNode): boolean {
  return (
    node.type === 'Command' &&
    /^(echo|printf)$/.test(nameOf(node)) &&
    node.args.some((part) => /\\(x[\da-f]|0?[0-7]{2}|u[\da-f])/i.test(part.text))
  )
}
