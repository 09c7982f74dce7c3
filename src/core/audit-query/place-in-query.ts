import type { RemitError } from '../errors.ts'
import { queryError, queryTokens, type Token } from './query-tokens.ts'

/** How far a query was read. */
export class PlaceInQuery {
  readonly now: number
  /** How many tests were read. */
  tests = 0
  readonly #tokens: readonly Token[]
  #at = 0

  constructor(text: string, now: number) {
    this.#tokens = queryTokens(text)
    this.now = now
  }

  get next(): Token {
    return this.#tokens[this.#at] ?? { kind: 'end', text: '', column: 1 }
  }

  advance(): void {
    this.#at += 1
  }

  isEnd(): boolean {
    return this.next.kind === 'end'
  }

  isWord(word: string): boolean {
    return this.next.kind === 'word' && this.next.text.toLowerCase() === word
  }

  takeWord(word: string): boolean {
    return this.isWord(word) && this.#take()
  }

  takeSign(sign: string): boolean {
    return this.next.kind === 'sign' && this.next.text === sign && this.#take()
  }

  error(says: string, at: Token = this.next): RemitError {
    return queryError(at.column, says)
  }

  #take(): true {
    this.advance()
    return true
  }
}
