import type { Order } from './order.ts'
import { FIX } from './project.ts'

const REPOSITORY = { owner: 'acme', repo: 'tally' }

/** The task as a developer would go about it: look around, mend, try, tell. Places are read as any agent reads them. */
export const TASK: readonly Order[] = [
  {
    do: 'call',
    tool: 'github__issue_read',
    arguments: { ...REPOSITORY, issue_number: 7, method: 'get' },
  },
  { do: 'read', path: 'README.md' },
  { do: 'read', path: 'CHANGELOG.md' },
  { do: 'run', command: 'git log -3' },
  { do: 'read', path: 'src/invoice.js' },
  { do: 'read', path: 'src/discount.js' },
  { do: 'read', path: 'src/generated/rates.js' },
  { do: 'read', path: 'test/security.test.js' },
  { do: 'read', path: 'test/fixtures/order.json' },
  { do: 'read', path: 'node_modules/round-cents/package.json' },
  { do: 'read', path: 'node_modules/round-cents/README.md' },
  { do: 'call', tool: 'github__get_job_logs', arguments: { ...REPOSITORY, job_id: 1, return_content: true } },
  { do: 'write', ...FIX },
  { do: 'run', command: 'npm test' },
  {
    do: 'call',
    tool: 'github__add_issue_comment',
    arguments: { ...REPOSITORY, issue_number: 7, body: 'Names are escaped now.' },
  },
]
