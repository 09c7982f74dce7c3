import type { RedirectOperator } from 'unbash'
import type { Argument } from './argument.ts'
import type { Findings } from './findings.ts'

const NOWHERE = /^\/dev\/(null|stdout|stderr|stdin|tty|zero|fd\/[012])$/

/** What a redirection does to the file, or the host, that it names. */
export function redirect(
  operator: RedirectOperator,
  target: Argument,
  place: { readonly cwd: string | undefined; readonly findings: Findings },
): void {
  const { findings, cwd } = place
  const copies = operator === '>&' || operator === '<&'
  if (copies && /^(\d+-?|-)$/.test(target.text) && target.kind === 'literal') return
  if (target.kind === 'literal') {
    if (NOWHERE.test(target.text)) return
    const socket = /^\/dev\/(?:tcp|udp)\/([^/]+)\/([^/]+)$/.exec(target.text)
    if (socket !== null) {
      findings.host({ ...target, text: `${socket[1]}:${socket[2]}` }, 'net.connect')
      return findings.opaque('/dev/tcp', target.span)
    }
  }
  const reads = operator === '<' || operator === '<>' || operator === '<&'
  const writes = operator !== '<' && operator !== '<&'
  findings.path(
    target,
    [...(reads ? (['file.read'] as const) : []), ...(writes ? (['file.write'] as const) : [])],
    {
      cwd,
    },
  )
}
