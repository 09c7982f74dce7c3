import type { Action } from '../../../../core/actions.ts'
import type { ProgramSpec, Role } from '../../spec.ts'

/** What is understood of one command of a forge’s command line. */
export interface ForgeCommand {
  readonly actions: readonly Action[]
  /**
   * What the first word names: a request (without one, that of the current branch), a repository that it is then about, a
   * secret, or nothing that counts.
   */
  readonly names?: 'pull-request' | 'repository' | 'secret'
  /** It reads or changes what is kept beside repositories. */
  readonly server?: true
  readonly spec: ProgramSpec
  /** Roles of the words after the first. */
  readonly rest?: Role
  /** Options with the branch or tag that a pipeline runs for. */
  readonly ref?: readonly string[]
  /** Actions beside the others, or instead of them, by the options that are given. */
  readonly given?: (has: (...names: readonly string[]) => boolean) => {
    readonly more?: readonly Action[]
    readonly instead?: readonly Action[]
  }
  /** It also does what nobody here can say. */
  readonly opaque?: true
}

type Options = Omit<ForgeCommand, 'actions' | 'spec'> & {
  readonly flags?: string
  readonly long?: string
  readonly plain?: string
  readonly read?: string
  readonly folder?: string
  readonly write?: string
  readonly no?: string
}

/** A command that changes something: an option that is not listed leaves it not understood. */
export function does(actions: string, options: Options = {}): ForgeCommand {
  const { flags = '', long = '', plain = '', read, folder, write, no, ...rest } = options
  return {
    ...rest,
    actions: actions.split(' ') as Action[],
    spec: {
      flags,
      long,
      values: {
        plain: `R repo ${plain}`.trim(),
        ...(read === undefined ? {} : { read }),
        ...(folder === undefined ? {} : { folder }),
        ...(write === undefined ? {} : { write }),
        ...(no === undefined ? {} : { no }),
      },
      rest: 'plain',
    },
  }
}

/** A command that looks. None of its options does more. */
export function looks(actions: string, options: Options = {}): ForgeCommand {
  return does(actions, {
    ...options,
    flags: `wcyavi${options.flags ?? ''}`,
    long: `web comments all required watch fail-fast name-only patch verbose log log-failed exit-status ignore-case archived no-archived fork source yaml exclude-drafts exclude-pre-releases include-prs paginate opened closed merged draft mine ${options.long ?? ''}`,
    plain: `q jq t template L limit json s state S search l label m milestone a assignee A author b branch B base H head i interval o order O sort e env u user g group app color visibility language topic owner w workflow c commit event j job attempt ref r F output P page p per-page created status sort key limit in match updated merged-at ${options.plain ?? ''}`,
  })
}
