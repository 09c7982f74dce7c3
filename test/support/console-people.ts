import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './running-gateway.ts'

export const CODES = {
  mona: 'the-code-of-mona-0001',
  otto: 'the-code-of-otto-0001',
  iris: 'the-code-of-iris-0001',
  anna: 'the-code-of-anna-0001',
}
const TURNING = join(ROOT, 'test', 'support', 'turning-stdio-upstream.ts')
/** Beside a member and a maintainer: another maintainer, an auditor, a server whose tools turn, and another tenant. */
export const CONSOLE_PEOPLE = {
  humans: '  - { id: otto, roles: [maintainer] }\n  - { id: iris, roles: [auditor] }\n',
  policy: `@id("docs-by-two") @consent("docs") @consent_by("maintainer") @severity("medium") @quorum("2")
@reason("two people read what goes to the public")
forbid (principal is Task, action in Action::"write", resource is File) when { resource.name like "docs/*" };
@id("notes-of-people") @consent("notes") @consent_by("maintainer") @severity("low") @grant("task")
@reason("notes are read with consent")
forbid (principal is Task, action == Action::"file.read", resource is File) when { resource.name like "notes/*" };
`,
  servers: (home: string): string => {
    writeFileSync(join(home, 'turning.json'), '{"lookup":"Looks things up","seek":"Seeks things"}')
    const tools = ['lookup', 'seek', 'turn'].map((tool) => `${tool}: { actions: [data.read] }`).join(', ')
    return `  turning:
    command: ${process.execPath}
    args: ["${TURNING}", "${join(home, 'turning.json')}"]
    session: shared
    fileSystem: none
    tools: { ${tools} }
`
  },
  tenants: { acme: 'policies: [./more]\nhumans: [{ id: anna, roles: [maintainer] }]\n' },
  environ: {
    REMIT_APPROVER: `mona:${CODES.mona},otto:${CODES.otto},iris:${CODES.iris}`,
    REMIT_TENANT_ACME__APPROVER: `anna:${CODES.anna}`,
  },
}
