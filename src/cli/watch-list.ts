import { gravityOf } from '../core/gravest.ts'
import type { Approval } from '../core/approval.ts'
import { foldText } from '../core/visible-text.ts'
import { plainLine } from './plain-text.ts'

/** What a watcher wants. */
export type Wish =
  | { readonly kind: 'list' | 'help' | 'quit' | 'back' | 'nothing' }
  | { readonly kind: 'open'; readonly id: string }
  | { readonly kind: 'approve'; readonly id: string; readonly forTask: boolean; readonly comment?: string }
  | { readonly kind: 'refuse'; readonly id: string; readonly reason: string }
  | { readonly kind: 'wrong'; readonly why: string }

export const WATCH_HELP = `  3            open the third of the list
  a [note]     approve the open one, exactly once
  t [note]     approve it for the rest of the task, where it offers that
  r reason     refuse it; the agent is told why
  b            back, without an answer
  l            list what waits
  q            quit
`

/** What waits, as somebody at a terminal has been told of it. Numbers stay until the list is shown anew; what comes has the next. */
export class WatchList {
  readonly #waiting = new Map<string, Approval>()
  #shown: string[] = []
  /** The request that is open. Nobody approves what they have not opened. */
  opened: string | undefined

  /** @returns requests that are new to the watcher. @param whole they are all that waits. */
  hear(approvals: readonly Approval[], whole: boolean): readonly Approval[] {
    if (whole) {
      const now = new Set(approvals.map(({ id }) => id))
      for (const id of this.#waiting.keys()) if (!now.has(id as Approval['id'])) this.#waiting.delete(id)
    }
    const fresh = approvals.filter(({ id, state }) => state === 'pending' && !this.#waiting.has(id))
    for (const approval of approvals) {
      if (approval.state === 'pending') this.#waiting.set(approval.id, approval)
      else this.#waiting.delete(approval.id)
    }
    this.#shown.push(...fresh.map(({ id }) => id))
    return fresh
  }

  /** The number by which a request can be opened, and the request. */
  line(approval: Approval, now: number): string {
    return `${String(this.#shown.indexOf(approval.id) + 1).padStart(3)}  ${requestLine(approval, now)}`
  }

  /** Lines of the list at `now`, milliseconds since the epoch: the gravest first, then what waits longest. */
  lines(now: number): readonly string[] {
    const waiting = [...this.#waiting.values()]
      .filter(({ expires }) => expires > now)
      .toSorted((a, b) => gravityOf(b.gates) - gravityOf(a.gates) || a.created - b.created)
    this.#shown = waiting.map(({ id }) => id)
    return waiting.map((approval) => this.line(approval, now))
  }

  read(line: string): Wish {
    const [word = '', ...rest] = line.trim().split(/\s+/)
    const said = rest.join(' ')
    if (word === '') return { kind: 'nothing' }
    if (/^(l|list)$/.test(word)) return { kind: 'list' }
    if (/^(q|quit|exit)$/.test(word)) return { kind: 'quit' }
    if (/^(b|back)$/.test(word)) return { kind: 'back' }
    if (/^(h|help|\?)$/.test(word)) return { kind: 'help' }
    if (/^\d+$/.test(word) || word.startsWith('apr_')) return this.#open(word)
    if (/^(a|approve|t|r|refuse)$/.test(word)) return this.#answer(word, said)
    return { kind: 'wrong', why: `no such word: \`${plainLine(word)}\`; ? shows what there is` }
  }

  #open(word: string): Wish {
    const id = word.startsWith('apr_') ? word : this.#shown[Number(word) - 1]
    return id === undefined ? { kind: 'wrong', why: `there is no ${word} in the list` } : { kind: 'open', id }
  }

  #answer(word: string, said: string): Wish {
    const id = this.opened
    if (id === undefined) return { kind: 'wrong', why: 'open a request first, by its number' }
    if (word.startsWith('r')) {
      return said === ''
        ? { kind: 'wrong', why: 'say why after it: the agent is told' }
        : { kind: 'refuse', id, reason: said }
    }
    return { kind: 'approve', id, forTask: word === 't', ...(said === '' ? {} : { comment: said }) }
  }
}

/** One request on one line. */
function requestLine(approval: Approval, now: number): string {
  const { gates, server, tool, human, outline, expires } = approval
  const [first] = outline?.operations ?? []
  const severity = ['low', 'medium', 'high'][gravityOf(gates)] ?? 'low'
  const happens = first === undefined ? '' : `: ${foldText(first.text, 60, 20)}`
  const left = Math.max(0, Math.round((expires - now) / 1_000))
  return plainLine(
    `${severity.padEnd(6)}  ${server}__${foldText(tool, 60, 20)}${happens}  for ${human}, ${left} s left`,
  )
}
