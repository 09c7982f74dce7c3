/** Who can do something about a stop: `human` = whose task it is; `reviewer` = who reviews tools of the server. */
export type CanMend = 'human' | 'admins' | 'approvers' | 'reviewer' | 'who-stopped' | 'nobody' | 'time'

export interface BuiltinReason {
  /** The smallest thing that would have to change, as the end of a sentence that begins with *It would have to be that*. */
  readonly change: string
  readonly mend: CanMend
  /** What whoever can would do. */
  readonly how: string
}

const NEW_TASK = 'make a task that includes it: remit task create'
const LOOK_AT_LOG = 'look at the gateway’s log and mend what it names'

/** What stands behind each reason that is Remit’s own and no rule of a pack; a test finds every one that code names. */
export const BUILTIN_REASONS: Readonly<Record<string, BuiltinReason>> = {
  'remit:control': {
    change: 'the call left Remit’s own files, program and ports alone: nothing lifts this',
    mend: 'nobody',
    how: 'change it by hand, outside of any task',
  },
  'remit:scope': {
    change: 'the call kept within the scope of its task, or the task included it',
    mend: 'human',
    how: NEW_TASK,
  },
  'remit:task-state': {
    change: 'the task were still active',
    mend: 'human',
    how: 'make a new task, or renew one that only ran out: remit task renew',
  },
  'remit:halted': {
    change: 'what was stopped by hand were let go again',
    mend: 'who-stopped',
    how: 'let it go again: remit lift',
  },
  'remit:budget': {
    change: 'the task had a larger budget',
    mend: 'human',
    how: 'make a task with a larger one: remit task create --budget',
  },
  'remit:loop': {
    change: 'the task did something else, or somebody agreed to one more time',
    mend: 'approvers',
    how: 'approve or refuse the request',
  },
  'remit:loop-stop': {
    change: 'the task stopped repeating itself; something written in between begins the count again',
    mend: 'human',
    how: 'tell the agent what it is stuck on, or make a new task',
  },
  'remit:pinned': {
    change: 'somebody had reviewed this very definition of the tool',
    mend: 'reviewer',
    how: 'review it: remit servers review',
  },
  'remit:elicited-secret': {
    change: 'the server asked for the secret on a page of its own instead of in a form: nothing lifts this',
    mend: 'nobody',
    how: 'use a server that sends people to its own page',
  },
  'remit:no-permit': {
    change: 'a rule permitted it: what no rule permits is denied',
    mend: 'admins',
    how: 'add a permit to the policies',
  },
  'remit:ceiling': {
    change: 'the human could do it themselves: no task goes beyond its human',
    mend: 'admins',
    how: 'give the human the role or team that the rules ask for',
  },
  'remit:facts': {
    change: 'the facts of the call could be read',
    mend: 'admins',
    how: LOOK_AT_LOG,
  },
  'remit:malformed-request': {
    change: 'the call could be put to the rules at all: this is a fault of Remit',
    mend: 'admins',
    how: LOOK_AT_LOG,
  },
  'remit:engine-failed': {
    change: 'the rules could be evaluated: this is a fault of Remit',
    mend: 'admins',
    how: LOOK_AT_LOG,
  },
  'remit:engine': {
    change: 'the rules could be evaluated: this is a fault of Remit',
    mend: 'admins',
    how: LOOK_AT_LOG,
  },
  'remit:classifier': {
    change: 'Remit could tell what the call does',
    mend: 'reviewer',
    how: 'say what the tool does: remit servers review, or `tools` of the server in remit.yaml',
  },
  'remit:consent-flood': {
    change: 'fewer requests of this task waited, or fewer had been asked within the hour',
    mend: 'approvers',
    how: 'answer what waits: remit approvals list',
  },
  'remit:consent-outage': {
    change: 'what people agreed to could be looked up: the store did not answer',
    mend: 'time',
    how: 'see that the store is there: remit status; the same call works again after that',
  },
  'remit:no-approver': {
    change: 'enough people were enrolled, and there, who may agree to it',
    mend: 'admins',
    how: 'enrol somebody in the role or team that the rule asks for, or name a deputy',
  },
  'remit:route': {
    change: 'the server and the tool were there, and offered to this task',
    mend: 'admins',
    how: 'look at what is configured and reachable: remit servers list',
  },
  'remit:grants': {
    change: 'the consent for the rest of the task still counted',
    mend: 'approvers',
    how: 'agree anew: the request is open',
  },
  'remit:approvals': {
    change: 'the approval of this call still counted',
    mend: 'approvers',
    how: 'agree anew: the request is open',
  },
  'remit:unshown': {
    change: 'people could be shown all that they would agree to',
    mend: 'human',
    how: 'have it done in smaller steps, or do it yourself',
  },
  'remit:observed': {
    change: 'the rule were enforced: it is only observed',
    mend: 'admins',
    how: 'change `observe` in remit.yaml',
  },
}

/** Where a human refused the very call: no rule, but an answer. */
export const REFUSED: BuiltinReason = {
  change: 'whoever was asked had agreed; it stays refused for this task',
  mend: 'approvers',
  how: 'talk to whoever refused; another task can ask anew',
}

/** A rule of the policies that forbids. */
export const FORBIDDEN: BuiltinReason = {
  change: 'the rule did not hold for this call',
  mend: 'admins',
  how: 'change the rule, if it is wrong: policies are files, and every change is on record',
}

/** A rule of the policies that asks. */
export const ASKS: BuiltinReason = {
  change: 'somebody who may had agreed to it',
  mend: 'approvers',
  how: 'approve or refuse the request: remit approvals show',
}
