/** Ids that only Remit's own policies may have. */
export const BUILTIN_PREFIX = 'remit:'

/** Where error messages say that these policies stand. */
export const BUILTIN_FILE = 'builtin-policies'

/**
 * Policies that are part of Remit. They are evaluated with every pack as one set; no pack, scope or approval
 * lifts them, since they are hard forbids and a forbid always wins.
 */
export const BUILTIN_POLICIES = `
@id("remit:control")
@always
@reason("this belongs to Remit itself (its state, policies, configuration, program or ports), which no agent may touch; ask a human to change it")
forbid (principal, action, resource)
when { resource.labels.contains("remit-control") };

@id("remit:scope")
@always
@reason("this is outside the scope of the task; work within the scope, or ask the human for a task that includes it")
forbid (principal is Task, action, resource)
unless { context.outside.isEmpty() };

@id("remit:task-state")
@always
@reason("the task has expired or was revoked, or one that it comes from was; ask the human for a new task")
forbid (principal is Task, action, resource)
unless { context.taskState == "active" };

@id("remit:budget")
@always
@reason("the budget of the task is used up; ask the human for a task with a larger one")
forbid (principal is Task, action, resource)
when { context.budgetExhausted };

@id("remit:pinned")
@always
@reason("this tool is new, changed or refused, so it is off until a human reviews it with: remit servers review; go on without it")
forbid (principal is Task, action, resource)
unless { context.pinned };

@id("remit:elicited-secret")
@always
@reason("a server may not ask for a secret in a form, where client and agent would see the answer; it can send the human to its own page")
forbid (principal is Task, action == Action::"elicitation.create", resource)
when { resource.labels.contains("secret") };
`
