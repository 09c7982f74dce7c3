import { execFile } from 'node:child_process'
import { gravest } from '../core/gravest.ts'
import type { Approval } from '../core/approval.ts'
import { plainLine } from './plain-text.ts'

const BELL = '\u0007'

/** What is shown on a desktop: who asks whom, and nothing that an agent wrote, since anybody may stand behind the chair. */
export interface Notice {
  readonly title: string
  readonly body: string
}

export interface Program {
  readonly file: string
  readonly args: readonly string[]
}

export function noticeOf(fresh: readonly Approval[]): Notice {
  const [one] = fresh
  if (one === undefined || fresh.length > 1)
    return { title: 'Remit', body: `${fresh.length} requests wait for you` }
  const server = plainLine(one.server)
  const severity = gravest(one.gates)
  return {
    title: 'Remit: a request waits',
    body: `${plainLine(one.human)}’s agent wants to use ${server} (severity ${severity})`,
  }
}

/** The program that shows it; `undefined` = this system has none that is known. The text is data to each of them. */
export function noticeProgram(platform: NodeJS.Platform, { title, body }: Notice): Program | undefined {
  if (platform === 'darwin') {
    const script = [
      'on run argv',
      'display notification (item 2 of argv) with title (item 1 of argv)',
      'end run',
    ]
    return { file: 'osascript', args: [...script.flatMap((line) => ['-e', line]), '--', title, body] }
  }
  if (platform === 'win32') return undefined
  // The body of a notification may be markup.
  const escaped = body.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
  return { file: 'notify-send', args: ['--app-name=Remit', '--', title, escaped] }
}

type Run = (program: Program) => Promise<boolean>

/** Shows it on the desktop, or rings the terminal’s bell where that cannot be done. @param err standard error. */
export async function tellDesktop(
  fresh: readonly Approval[],
  err: (text: string) => void,
  run: Run = runProgram,
): Promise<void> {
  const program = noticeProgram(process.platform, noticeOf(fresh))
  if (program === undefined || !(await run(program))) err(BELL)
}

/** False = it is not there, or failed. */
function runProgram({ file, args }: Program): Promise<boolean> {
  return new Promise((resolve) => {
    execFile(file, [...args], { timeout: 5_000 }, (error) => resolve(error === null))
  })
}
