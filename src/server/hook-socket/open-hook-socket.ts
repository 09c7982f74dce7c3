import { createHash, randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { RemitError } from '../../core/errors.ts'
import type { TaskAccess } from '../task-access.ts'
import { agentAbove } from './agent-process.ts'
import { AnswerKey } from './answer-key.ts'
import { openHookFolder } from './hook-folder.ts'
import { startHookRelay } from './hook-relay.ts'
import { register, removeStale } from './registration.ts'

export interface HookSocketOptions {
  readonly environ: Readonly<Record<string, string | undefined>>
  /** As the gateway's hooks name it. */
  readonly agent: string
  /** The gateway's MCP endpoint. */
  readonly endpoint: string
  readonly access: Pick<TaskAccess, 'headers' | 'asksForNonce'>
  /** The same for connections of the same task. */
  readonly task: string
}

/** Bytes of the shortest `sun_path`, that of macOS, without its end. */
const LONGEST_PATH = 103

/**
 * A socket at which the hooks of the agent that started this process ask for its task.
 * @returns ends it. @throws RemitError `input_invalid`, with what is to be done.
 */
export async function openHookSocket(options: HookSocketOptions): Promise<() => Promise<void>> {
  const process_ = agentAbove(options.environ)
  if (process_ === undefined) {
    throw new RemitError('input_invalid', 'it cannot be told which agent started `remit connect`')
  }
  const folder = openHookFolder(options.environ)
  await removeStale(folder)
  const socket = `${process.pid}.${randomBytes(3).toString('hex')}.sock`
  const path = join(folder, socket)
  if (Buffer.byteLength(path) > LONGEST_PATH) {
    throw new RemitError(
      'input_invalid',
      `\`${path}\` is too long for a socket; set XDG_RUNTIME_DIR to a shorter folder`,
    )
  }
  const key = new AnswerKey()
  const { agent, endpoint, access } = options
  const relay = await startHookRelay({ path, agent, endpoint, access, key })
  const takeBack = register({
    folder,
    process: process_,
    agent,
    task: fingerprint(options.task),
    socket,
    key,
  })
  const remove = (): void => {
    takeBack()
    rmSync(path, { force: true })
  }
  // Also where the agent ends this process before its input has ended.
  process.once('exit', remove)
  return async () => {
    process.removeListener('exit', remove)
    remove()
    await relay.close()
  }
}

function fingerprint(task: string): string {
  return createHash('sha256').update(task).digest('hex').slice(0, 16)
}
