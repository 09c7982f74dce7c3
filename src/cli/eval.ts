import { type Command, textFlag, UsageError } from './command.ts'
import { configPlace } from './config-place.ts'

export const evaluate: Command = {
  path: 'eval',
  summary: 'decide a recorded stream of calls, without a gateway or a network',
  positionals: [],
  flags: [
    {
      name: 'policies',
      takes: 'folder',
      offers: 'folders',
      summary: 'policies to use instead of the configured ones',
    },
    {
      name: 'workspace',
      takes: 'folder',
      offers: 'folders',
      summary: 'folder that relative paths mean (default: /workspace)',
    },
    { name: 'trust-new', summary: 'take the first definition of a tool as reviewed (the default)' },
    { name: 'no-trust-new', summary: 'keep tools that the stream declares off, as not reviewed' },
    { name: 'summary', summary: 'print counts and times to standard error at the end' },
    { name: 'shell', summary: 'read bare commands, one a line, as Bash calls of Claude Code' },
  ],
  notes:
    'Reads one JSON object a line from standard input and answers on standard\noutput; docs/eval.md has the format. A line that cannot be read is answered\nwith an error, and the exit code is 1 at the end.',
  run: async ({ flags, io, json, ...rest }) => {
    if (flags['trust-new'] === true && flags['no-trust-new'] === true) {
      throw new UsageError('`--trust-new` and `--no-trust-new` exclude each other', 'eval')
    }
    const invocation = { flags, io, json, ...rest }
    const { runEvaluation } = await import('../server/eval/run-evaluation.ts')
    const summary = await runEvaluation({
      ...configPlace(invocation),
      policies: textFlag(invocation, 'policies'),
      workspace: textFlag(invocation, 'workspace'),
      trustNew: flags['no-trust-new'] !== true,
      shell: flags['shell'] === true,
      input: process.stdin,
      output: process.stdout,
    })
    if (flags['summary'] === true) {
      const { effects, errors, lines, micros } = summary
      io.err(
        json
          ? `${JSON.stringify(summary)}\n`
          : `${lines} lines: ${effects.allow} allow, ${effects.consent} consent, ${effects.deny} deny, ${errors} errors; p50 ${micros.p50} µs, p99 ${micros.p99} µs\n`,
      )
    }
    return summary.errors > 0 ? 1 : 0
  },
}
