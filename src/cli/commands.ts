import { approvalsApprove } from './approvals-approve.ts'
import { approvalsList } from './approvals-list.ts'
import { approvalsRefuse } from './approvals-refuse.ts'
import { approvalsShow } from './approvals-show.ts'
import { approvalsWatch } from './approvals-watch.ts'
import { auditExport } from './audit-export.ts'
import { auditShow } from './audit-show.ts'
import { auditTail } from './audit-tail.ts'
import { auditVerify } from './audit-verify.ts'
import { glassEnd, glassList, glassOpen, glassReview } from './break-glass.ts'
import { classify } from './classify.ts'
import type { Command } from './command.ts'
import { completion } from './completion.ts'
import { connect } from './connect.ts'
import { evaluate } from './eval.ts'
import { explain } from './explain.ts'
import { policyAccept } from './policy-accept.ts'
import { grantsList } from './grants-list.ts'
import { grantsRevoke } from './grants-revoke.ts'
import { policyCheck } from './policy-check.ts'
import { policyDiff } from './policy-diff.ts'
import { policyEval } from './policy-eval.ts'
import { policyExplain } from './policy-explain.ts'
import { policyExport } from './policy-export.ts'
import { policyFmt } from './policy-fmt.ts'
import { policyImport } from './policy-import.ts'
import { policyPending } from './policy-pending.ts'
import { policyReload } from './policy-reload.ts'
import { policyShow } from './policy-show.ts'
import { policyTest } from './policy-test.ts'
import { serversList } from './servers-list.ts'
import { serversAdd } from './servers-add.ts'
import { serversConnect } from './servers-connect.ts'
import { serversDisconnect } from './servers-disconnect.ts'
import { serversImport } from './servers-import.ts'
import { serversReload } from './servers-reload.ts'
import { serversCheck } from './servers-check.ts'
import { serversRemove } from './servers-remove.ts'
import { serversReview } from './servers-review.ts'
import { keysList } from './keys-list.ts'
import { keysRotate } from './keys-rotate.ts'
import { secretsList } from './secrets-list.ts'
import { secretsRekey } from './secrets-rekey.ts'
import { secretsRemove } from './secrets-remove.ts'
import { secretsRotate } from './secrets-rotate.ts'
import { secretsSet } from './secrets-set.ts'
import { start } from './start.ts'
import { status } from './status.ts'
import { kill, lift } from './kill.ts'
import { taskComplete } from './task-complete.ts'
import { taskCreate } from './task-create.ts'
import { taskDelegate } from './task-delegate.ts'
import { taskList } from './task-list.ts'
import { taskRevoke } from './task-revoke.ts'
import { taskRenew } from './task-renew.ts'
import { taskShow } from './task-show.ts'
import { taskToken } from './task-token.ts'
import { taskTree } from './task-tree.ts'
import { version } from './version.ts'

/** Every command, in the order in which help lists them. */
export const COMMANDS: readonly Command[] = [
  start,
  status,
  taskCreate,
  taskList,
  taskShow,
  taskDelegate,
  taskTree,
  taskToken,
  taskRenew,
  taskComplete,
  taskRevoke,
  kill,
  lift,
  glassOpen,
  glassList,
  glassEnd,
  glassReview,
  approvalsList,
  approvalsShow,
  approvalsApprove,
  approvalsRefuse,
  approvalsWatch,
  grantsList,
  grantsRevoke,
  explain,
  auditTail,
  auditShow,
  auditVerify,
  auditExport,
  policyCheck,
  policyFmt,
  policyTest,
  policyExplain,
  policyEval,
  policyShow,
  policyDiff,
  policyExport,
  policyImport,
  policyReload,
  policyPending,
  policyAccept,
  evaluate,
  classify,
  serversList,
  serversReview,
  serversCheck,
  serversAdd,
  serversRemove,
  serversImport,
  serversReload,
  serversConnect,
  serversDisconnect,
  secretsSet,
  secretsList,
  secretsRotate,
  secretsRemove,
  secretsRekey,
  keysList,
  keysRotate,
  connect,
  { ...completion, run: (invocation) => completion.runWith(COMMANDS, invocation) },
  version,
]
