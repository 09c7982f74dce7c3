import type { LoadedConfig } from '../load-config.ts'
import type { Planes } from '../open-planes.ts'
import { tenantPath } from './route-tenant.ts'
import { SharedPlane } from './shared-plane.ts'

/** Both listeners of an installation, as each of its tenants sees them. */
export interface SharedPlanes {
  readonly own: Planes
  of(tenant: string): Planes
}

export function sharePlanes(planes: Planes, { config }: LoadedConfig): SharedPlanes {
  const { connections } = config.limits
  const agent = new SharedPlane(planes.agent, connections)
  const admin = new SharedPlane(planes.admin, connections)
  const { urls } = planes
  return {
    own: { agent: agent.own(), admin: admin.own(), urls },
    of(tenant) {
      const { publicUrl, adminUrl } = config.tenants[tenant] ?? {}
      const path = tenantPath(tenant)
      return {
        agent: agent.of(tenant, publicUrl),
        admin: admin.of(tenant, adminUrl),
        urls: {
          agent: publicUrl?.replace(/\/$/, '') ?? `${urls.agent}${path}`,
          admin: adminUrl?.replace(/\/$/, '') ?? `${urls.admin}${path}`,
        },
      }
    },
  }
}
