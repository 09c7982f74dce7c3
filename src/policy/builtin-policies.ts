/** Ids that only Remit's own policies may have. */
export const BUILTIN_PREFIX = 'remit:'

/** Where error messages say that these policies stand. */
export const BUILTIN_FILE = 'builtin-policies'

/**
 * Policies that are part of Remit. They are evaluated with every pack as one set; no pack or scope lifts them, and an
 * approval only `remit:loop`, since the others are hard forbids and a forbid always wins.
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
@reason("the task is completed, has expired or was revoked, or one that it comes from was; ask the human for a new task")
forbid (principal is Task, action, resource)
unless { context.taskState == "active" || context.taskState == "halted" };

@id("remit:halted")
@always
@reason("this agent, its human, this server or everything here was stopped by a human; stop working and tell your human")
forbid (principal is Task, action, resource)
when { context.taskState == "halted" };

@id("remit:budget")
@always
@reason("the budget of the task is used up; ask the human for a task with a larger one")
forbid (principal is Task, action, resource)
when { context.budgetExhausted };

@id("remit:loop")
@always
@consent("loop")
@delegator("yes")
@severity("medium")
@reason("the task does the same again and again, and nothing comes of it")
forbid (
  principal is Task,
  action in [Action::"tool.call", Action::"prompt.get", Action::"resource.read", Action::"completion.complete"],
  resource
)
when { context.loop == "ask" };

@id("remit:loop-stop")
@always
@reason("the task went on doing the same again and again; do something else, or tell your human what you are stuck on")
forbid (principal is Task, action, resource)
when { context.loop == "stop" };

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
