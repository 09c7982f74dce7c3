import { asRemitError, type RemitError } from '../core/errors.ts'
import { packageVersion } from '../server/package-version.ts'
import { type Command, type ExitCode, type Io, textFlag, UsageError } from './command.ts'
import { loadCommands } from './commands.ts'
import { commandHelp, programHelp } from './help-text.ts'
import { nameTenant } from './name-tenant.ts'
import { paint } from './paint.ts'
import { parseArguments } from './parse-arguments.ts'
import { plainText } from './plain-text.ts'

/** Runs one command line from its words to its exit code; errors go to standard error. */
export async function runCommand(args: readonly string[], io: Io): Promise<ExitCode> {
  const json = args.includes('--json')
  let tenant: string | undefined
  try {
    const parsed = await parseArguments(args, io)
    if (parsed.kind === 'run') {
      tenant = textFlag(parsed.invocation, 'tenant')
      return await parsed.command.run(parsed.invocation)
    }
    io.out(parsed.kind === 'version' ? `${packageVersion()}\n` : await help(parsed.command, parsed.group))
    return 0
  } catch (thrown) {
    // Ctrl-C is how a person ends a command that waits.
    if (io.stopped.aborted) return 0
    if (thrown instanceof UsageError) return reportUsage(io, thrown)
    const error = asRemitError(thrown)
    report(io, error, { json, message: nameTenant(error.message, tenant) })
    return 1
  }
}

async function help(command: Command | undefined, group: string | undefined): Promise<string> {
  return command === undefined ? programHelp(await loadCommands(), group) : commandHelp(command)
}

function reportUsage(io: Io, error: UsageError): ExitCode {
  const where = error.command === undefined ? 'remit' : `remit ${error.command}`
  io.err(`${paint(io, 'red', 'error[usage]:')} ${plainText(error.message)}\nrun \`${where} --help\`\n`)
  return 2
}

function report(
  io: Io,
  error: RemitError,
  { json, message }: { readonly json: boolean; readonly message: string },
): void {
  if (json) {
    io.err(`${JSON.stringify({ error: { code: error.code, message } })}\n`)
    return
  }
  // Several problems in a configuration are several lines, each with its own place.
  const separator = message.includes('\n') ? '\n' : ' '
  io.err(`${paint(io, 'red', `error[${error.code}]:`)}${separator}${plainText(message)}\n`)
  if (error.code === 'internal') io.err(`${plainText(error.detail ?? '')}\n`)
}
