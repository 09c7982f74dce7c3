import { groupsOf, type Action } from '../../core/actions.ts'
import type { JsonObject } from '../../core/json.ts'
import type { Operation } from '../../core/operation.ts'
import type { EntityRef } from '../../core/resource.ts'
import { names, rows, whole } from './describe-tool.ts'
import type { CatalogueEntry, ToolEntry } from './entry.ts'

// `kubernetes-mcp-server` 0.0.57, containers/kubernetes-mcp-server, every toolset of its schema snapshots.

const READS = `
  configuration_contexts_list
  events_list fieldSelector namespace
  namespaces_list fieldSelector
  nodes_log name query tailLines
  nodes_stats_summary name
  nodes_top label_selector name
  pods_get name namespace
  pods_list fieldSelector labelSelector
  pods_list_in_namespace fieldSelector labelSelector namespace
  pods_log container name namespace previous tail
  pods_top all_namespaces label_selector name namespace
  projects_list
  resources_get apiVersion kind name namespace
  resources_list apiVersion fieldSelector kind labelSelector namespace
  helm_list all_namespaces namespace
  kiali_get_logs container format meshCluster name namespace previous severity tail workload
  kiali_get_mesh_status
  kiali_get_mesh_traffic_graph graphType meshCluster namespaces
  kiali_get_metrics byLabels direction meshCluster namespace quantiles rateInterval reporter requestProtocol resourceName resourceType step
  kiali_get_pod_performance meshCluster namespace podName queryTime timeRange workloadName
  kiali_get_resource_details meshCluster namespaces resourceName resourceType
  kiali_get_trace_details traceId
  kiali_list_mesh_clusters
  kiali_list_traces errorOnly limit lookbackSeconds meshCluster namespace serviceName
  kiali_manage_istio_config_read action group kind meshCluster namespace object serviceName version
  vm_guest_info info_type name namespace
  vm_troubleshoot name namespace
  tekton_pipelinerun_logs name namespace step tail task
  tekton_taskrun_logs name namespace step tail
`
const WRITES = `
  pods_run image name namespace port
  resources_create_or_update resource
  resources_scale apiVersion kind name namespace scale
  helm_install chart name namespace values
  vm_create autostart instancetype name namespace networks performance preference size storage workload
  vm_create_from_template namespace parameters template_name
  vm_clone name namespace targetName
  tekton_pipeline_start name namespace params
  tekton_task_start name namespace params
  tekton_taskrun_restart name namespace
`
/** Those that overwrite, stop or take away. */
const DELETES = `
  pods_delete name namespace
  resources_delete apiVersion gracePeriodSeconds kind name namespace
  helm_uninstall name namespace
  kiali_manage_istio_config action data group kind meshCluster namespace object version
  vm_lifecycle action name namespace
  tekton_pipelinerun_lifecycle action name namespace
`

export const KUBERNETES: CatalogueEntry = new Map<string, ToolEntry>([
  ...rows(READS, (plain) => cluster(['infra.read'], plain)),
  ...rows(WRITES, (plain) => cluster(['infra.write'], plain)),
  ...rows(DELETES, (plain) => cluster(['infra.write', 'infra.delete'], plain)),
  ['pods_exec', cluster(['infra.execute'], 'command container name namespace')],
  // The kubeconfig holds the keys of the cluster.
  ['configuration_view', whole(['secret.read'], 'minified')],
])

function cluster(actions: readonly Action[], plain: string): ToolEntry {
  return {
    effects: [],
    plain: [...names(plain), 'context'],
    derived: {
      actions: [...actions, 'secret.read'],
      from: (input, { server }) => actions.map((action) => clusterOperation(action, input, server)),
    },
  }
}

function clusterOperation(action: Action, input: JsonObject, server: string): Operation {
  const origin = { pointer: '' }
  const kind = text(input['kind']) ?? text(input['resource_type'])
  if (kind !== undefined && /^secrets?$/i.test(kind)) {
    const write = action !== 'infra.read'
    return {
      action: write ? 'secret.write' : 'secret.read',
      resource: { type: 'Secret', id: `${server}/${text(input['name']) ?? '*'}`, ancestors: [] },
      labels: ['secret'],
      opaque: false,
      origin,
    }
  }
  const namespace = text(input['namespace'])
  const parts = [namespace, kind, text(input['name']) ?? text(input['object'])].filter(
    (part) => part !== undefined,
  )
  const context = text(input['context'])
  const above: readonly EntityRef[] = [
    { type: 'Cluster', id: context === undefined ? server : `${server}:${context}` },
  ]
  const changes = groupsOf(action).some((group) => group !== 'read')
  return {
    action,
    resource: {
      type: 'InfraObject',
      id: [server, ...parts].join('/'),
      ancestors:
        namespace === undefined ? above : [{ type: 'Namespace', id: `${server}/${namespace}` }, ...above],
    },
    // Which cluster it is stands in the server’s configuration, not in the call: a change could be production’s.
    labels: changes ? ['production'] : [],
    opaque: false,
    origin,
  }
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' && value.length <= 256 ? value.toWellFormed() : undefined
}
