import type { ServerAnswer } from '../api/contract.ts'
import type { Io } from './command.ts'
import { paint } from './paint.ts'
import { plainLine } from './plain-text.ts'

const HEADINGS = ['server', 'state', 'era', 'reached by', 'tools', 'owner', 'purpose']

/** A table of servers, with what went wrong and what waits below the row that it is about. */
export function serverRows(io: Io, servers: readonly ServerAnswer[]): string {
  const rows = servers.map(cellsOf)
  const widths = HEADINGS.map((heading, at) =>
    Math.max(heading.length, ...rows.map((row) => row[at]?.length ?? 0)),
  )
  const line = (cells: readonly string[], colour?: (text: string) => string): string =>
    cells
      .map((cell, at) => {
        const padded = at === cells.length - 1 ? cell : cell.padEnd(widths[at] ?? 0)
        return at === 1 && colour !== undefined ? colour(padded) : padded
      })
      .join('  ')
      .trimEnd()
  const body = servers.flatMap((server, at) => {
    const shade = server.state === 'down' ? 'red' : server.state === 'up' ? 'green' : 'dim'
    return [line(rows[at] ?? [], (text) => paint(io, shade, text)), ...remarks(io, server)]
  })
  return `${[paint(io, 'dim', line(HEADINGS)), ...body].join('\n')}\n`
}

function cellsOf(server: ServerAnswer): readonly string[] {
  const { key, state, era, transport, tools, confinement, owner, purpose } = server
  const confined = confinement === undefined ? '' : confinement.confined ? ', confined' : ', unconfined'
  const counted = tools.off === 0 ? `${tools.on} on` : `${tools.on} on, ${tools.off} off`
  const words = [owner ?? '-', purpose ?? '-'].map(plainLine)
  return [key, state, era ?? '?', `${transport}${confined}`, counted, ...words]
}

function remarks(io: Io, { key, lastError, nextTry, restarts, waiting }: ServerAnswer): readonly string[] {
  return [
    ...(lastError === undefined ? [] : [paint(io, 'red', `  last error: ${plainLine(lastError)}`)]),
    ...(nextTry === undefined ? [] : [`  ${nextTryText(nextTry)}`]),
    ...(restarts === 0 ? [] : [`  ${restarts} restarts`]),
    ...(waiting === 0 ? [] : [paint(io, 'yellow', `  ${waiting} to review: remit servers review ${key}`)]),
  ]
}

/** @param nextTry milliseconds. */
export function nextTryText(nextTry: number): string {
  return `tried again in ${Math.ceil(nextTry / 1_000)} s, or with the next use`
}
