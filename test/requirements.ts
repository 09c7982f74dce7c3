/**
 * What Remit must do, by id, and how far it is: `built`, `begun` (a part is there and tested, another is to come),
 * or `later`. `requirements.test.ts` fails when a test cites an unknown id, when one that is built or begun is
 * cited nowhere, and when one that is said to be missing got a test.
 */
export interface Requirement {
  readonly state: 'built' | 'begun' | 'later'
  readonly text: string
}

const built = (text: string): Requirement => ({ state: 'built', text })
const begun = (text: string): Requirement => ({ state: 'begun', text })
const later = (text: string): Requirement => ({ state: 'later', text })

export const REQUIREMENTS: Record<string, Requirement> = {
  'R-POL-1': built('every attempted action is decided at the moment it happens'),
  'R-POL-2': built('allow, deny and consent come from one policy'),
  'R-POL-3': built('policies are validated Cedar text; a bad bundle never replaces a good one'),
  'R-POL-4': built('consent is an annotation on a forbid; an error in a forbid denies'),
  'R-POL-5': built('the compiled evaluator equals Cedar'),
  'R-POL-6': built('untrusted arguments never become Cedar values'),
  'R-POL-7': built('explain any decision, past or hypothetical'),
  'R-POL-8': built('policy lifecycle: tests, observe, replay, proposals, dead and overused rules'),
  'R-POL-9': built('packs for coding agents, read-only, CI, release, docs'),
  'R-POL-10': built('environment-specific policy and exceptions that expire'),
  'R-POL-11': built('several tenants in one installation'),
  'R-CLS-1': begun('a tool call becomes typed operations on canonical resources'),
  'R-CLS-2': begun('well-known servers ship classified; unknown tools fall to the dangerous side'),
  'R-CLS-3': begun('sensitive things are known out of the box'),
  'R-CLS-4': begun('unparsable or too-clever input is never waved through'),
  'R-ID-1': built('a signed task token names who delegated which task'),
  'R-ID-2': built('a task is narrower than its human: scope, budget, expiry'),
  'R-ID-3': built('a child is a subset; revoking a task ends all below it'),
  'R-ID-4': built('OAuth 2.1 with an embedded authorization server; people log in with any OIDC provider'),
  'R-ID-5': built(
    'a verified workload begins a task of a workflow for a human, and is never a substitute for one',
  ),
  'R-ID-6': built('humans, teams and roles from the identity provider or a file; roles apart'),
  'R-MCP-1': begun('both MCP eras, both transports, both sides, bridged'),
  'R-MCP-2': built('many upstream servers behind one endpoint; a slow one harms no other'),
  'R-MCP-3': begun('every message is mediated; unknown ones are refused'),
  'R-MCP-4': built('definitions are pinned and reviewed'),
  'R-AGT-1': built(
    'agents’ built-in tools through their hooks: Claude Code, Codex, Gemini, Copilot, opencode, Cursor',
  ),
  'R-AGT-2': built(
    'remit init and its undo, also for everybody on a machine; remit doctor says what bypasses',
  ),
  'R-BOX-1': begun('a sandboxed workspace: agents in a box; a workspace server and its egress are to come'),
  'R-CRED-1': begun('agents hold no upstream credentials'),
  'R-CON-1': built('a consent request shows who, what, why'),
  'R-CON-2': built('policy says who may approve; never the agent'),
  'R-CON-3': built('an approval binds to the exact call, is used once, survives restarts'),
  'R-CON-4': built('consent is told to people where they are, and to the client in the best way it declared'),
  'R-CON-5': built('scoped, visible, revocable grants; how much people are asked is measured'),
  'R-IFC-1': begun('labels of results flow into the task'),
  'R-IFC-2': begun('approvers see where arguments were met before; no policy decides by it yet'),
  'R-IFC-3': built('secrets found in arguments and results'),
  'R-THR-1': begun('budgets, loops and a kill switch'),
  'R-AUD-1': built('one record per decision and per outcome, with everything that identifies it'),
  'R-AUD-2': built('durable before forwarding, append-only, tamper-evident, verified offline'),
  'R-AUD-3': built('search, timeline, exports'),
  'R-AUD-4': built('policy review reports'),
  'R-UX-1': built('npm start and npm run demo on a fresh clone'),
  'R-UX-2': begun(
    'a web console: approvals, grants, deputies, tasks, activity, records, servers, policies, reviews; an editor to come',
  ),
  'R-UX-3': built('a command line with help, JSON, exit codes, completion'),
  'R-API-1': begun('AuthZEN as decision point: evaluations, outcomes; asking others is to come'),
  'R-API-2': built('one validated configuration file, documented from its schema'),
  'R-API-3': begun('remit eval'),
  'R-PERF-1': begun('decision latency'),
  'R-PERF-2': later('cost of a call beside a bare proxy; figures in bench/results'),
  'R-PERF-3': begun('flat cost as everything grows: the search of records'),
  'R-REL-1': built('kill -9, full disk, hanging upstreams: fail closed, recover'),
  'R-REL-2': begun('more than one machine'),
  'R-SEC-1': built('secure by default'),
}
