import type { Command } from './command.ts'

/**
 * Every command by its words, in the order in which help lists them. A command's module is loaded when the command
 * is meant, so that none waits for what another needs.
 */
const LOADERS: Readonly<Record<string, () => Promise<Command>>> = {
  start: async () => (await import('./start.ts')).start,
  status: async () => (await import('./status.ts')).status,
  'task create': async () => (await import('./task-create.ts')).taskCreate,
  'task list': async () => (await import('./task-list.ts')).taskList,
  'task show': async () => (await import('./task-show.ts')).taskShow,
  'task delegate': async () => (await import('./task-delegate.ts')).taskDelegate,
  'task timeline': async () => (await import('./task-timeline.ts')).taskTimeline,
  'task replay': async () => (await import('./task-replay.ts')).taskReplay,
  'task graph': async () => (await import('./task-graph.ts')).taskGraph,
  'task tree': async () => (await import('./task-tree.ts')).taskTree,
  'task token': async () => (await import('./task-token.ts')).taskToken,
  'task renew': async () => (await import('./task-renew.ts')).taskRenew,
  'task complete': async () => (await import('./task-complete.ts')).taskComplete,
  'task revoke': async () => (await import('./task-revoke.ts')).taskRevoke,
  kill: async () => (await import('./kill.ts')).kill,
  lift: async () => (await import('./kill.ts')).lift,
  'break-glass open': async () => (await import('./break-glass.ts')).glassOpen,
  'break-glass list': async () => (await import('./break-glass.ts')).glassList,
  'break-glass end': async () => (await import('./break-glass.ts')).glassEnd,
  'break-glass review': async () => (await import('./break-glass.ts')).glassReview,
  'approvals list': async () => (await import('./approvals-list.ts')).approvalsList,
  'approvals show': async () => (await import('./approvals-show.ts')).approvalsShow,
  'approvals approve': async () => (await import('./approvals-approve.ts')).approvalsApprove,
  'approvals refuse': async () => (await import('./approvals-refuse.ts')).approvalsRefuse,
  'approvals watch': async () => (await import('./approvals-watch.ts')).approvalsWatch,
  'approvals away': async () => (await import('./approvals-cover.ts')).approvalsAway,
  'approvals deputy': async () => (await import('./approvals-cover.ts')).approvalsDeputy,
  'approvals back': async () => (await import('./approvals-cover.ts')).approvalsBack,
  'approvals covers': async () => (await import('./approvals-cover.ts')).approvalsCovers,
  'approvals report': async () => (await import('./approvals-report.ts')).approvalsReport,
  'grants list': async () => (await import('./grants-list.ts')).grantsList,
  'grants revoke': async () => (await import('./grants-revoke.ts')).grantsRevoke,
  'agents list': async () => (await import('./agents-list.ts')).agentsList,
  why: async () => (await import('./why.ts')).why,
  explain: async () => (await import('./explain.ts')).explain,
  'review mark': async () => (await import('./review.ts')).reviewMark,
  'review sign-off': async () => (await import('./review.ts')).reviewSignOff,
  // After the longer ones, whose first word it is.
  review: async () => (await import('./review.ts')).review,
  'audit query': async () => (await import('./audit-query.ts')).auditQuery,
  'audit view save': async () => (await import('./audit-view.ts')).auditViewSave,
  'audit view list': async () => (await import('./audit-view.ts')).auditViewList,
  'audit view remove': async () => (await import('./audit-view.ts')).auditViewRemove,
  'audit tail': async () => (await import('./audit-tail.ts')).auditTail,
  'audit show': async () => (await import('./audit-show.ts')).auditShow,
  'audit verify': async () => (await import('./audit-verify.ts')).auditVerify,
  'audit prove': async () => (await import('./audit-prove.ts')).auditProve,
  'audit check-proof': async () => (await import('./audit-check-proof.ts')).auditCheckProof,
  'audit rotate-key': async () => (await import('./audit-rotate-key.ts')).auditRotateKey,
  'audit export': async () => (await import('./audit-export.ts')).auditExport,
  backup: async () => (await import('./backup.ts')).backup,
  restore: async () => (await import('./restore.ts')).restore,
  'audit erase': async () => (await import('./audit-erase.ts')).auditErase,
  'audit hold add': async () => (await import('./audit-hold.ts')).auditHoldAdd,
  'audit hold list': async () => (await import('./audit-hold.ts')).auditHoldList,
  'audit hold remove': async () => (await import('./audit-hold.ts')).auditHoldRemove,
  init: async () => (await import('./init.ts')).init,
  hook: async () => (await import('./hook.ts')).hook,
  'policy check': async () => (await import('./policy-check.ts')).policyCheck,
  'policy fmt': async () => (await import('./policy-fmt.ts')).policyFmt,
  'policy test': async () => (await import('./policy-test.ts')).policyTest,
  'policy explain': async () => (await import('./policy-explain.ts')).policyExplain,
  'policy eval': async () => (await import('./policy-eval.ts')).policyEval,
  'policy show': async () => (await import('./policy-show.ts')).policyShow,
  'policy diff': async () => (await import('./policy-diff.ts')).policyDiff,
  'policy replay': async () => (await import('./policy-replay.ts')).policyReplay,
  'policy propose': async () => (await import('./policy-propose.ts')).policyPropose,
  'policy export': async () => (await import('./policy-export.ts')).policyExport,
  'policy import': async () => (await import('./policy-import.ts')).policyImport,
  'policy reload': async () => (await import('./policy-reload.ts')).policyReload,
  'policy pending': async () => (await import('./policy-pending.ts')).policyPending,
  'policy accept': async () => (await import('./policy-accept.ts')).policyAccept,
  eval: async () => (await import('./eval.ts')).evaluate,
  classify: async () => (await import('./classify.ts')).classify,
  'servers list': async () => (await import('./servers-list.ts')).serversList,
  'servers review': async () => (await import('./servers-review.ts')).serversReview,
  'servers check': async () => (await import('./servers-check.ts')).serversCheck,
  'servers add': async () => (await import('./servers-add.ts')).serversAdd,
  'servers remove': async () => (await import('./servers-remove.ts')).serversRemove,
  'servers import': async () => (await import('./servers-import.ts')).serversImport,
  'servers reload': async () => (await import('./servers-reload.ts')).serversReload,
  'servers connect': async () => (await import('./servers-connect.ts')).serversConnect,
  'servers disconnect': async () => (await import('./servers-disconnect.ts')).serversDisconnect,
  'secrets set': async () => (await import('./secrets-set.ts')).secretsSet,
  'secrets list': async () => (await import('./secrets-list.ts')).secretsList,
  'secrets rotate': async () => (await import('./secrets-rotate.ts')).secretsRotate,
  'secrets remove': async () => (await import('./secrets-remove.ts')).secretsRemove,
  'secrets rekey': async () => (await import('./secrets-rekey.ts')).secretsRekey,
  'keys list': async () => (await import('./keys-list.ts')).keysList,
  'keys rotate': async () => (await import('./keys-rotate.ts')).keysRotate,
  doctor: async () => (await import('./doctor.ts')).doctor,
  run: async () => (await import('./run.ts')).run,
  connect: async () => (await import('./connect.ts')).connect,
  completion: async () => (await import('./completion.ts')).completion,
  version: async () => (await import('./version.ts')).version,
}

/** The words of every command, in the order in which help lists them. */
export const COMMAND_PATHS: readonly string[] = Object.keys(LOADERS)

/** @param path one of `COMMAND_PATHS`. */
export async function loadCommand(path: string): Promise<Command> {
  const load = LOADERS[path]
  if (load === undefined) throw new Error(`no command \`${path}\``)
  return load()
}

export function loadCommands(): Promise<readonly Command[]> {
  return Promise.all(COMMAND_PATHS.map(loadCommand))
}
