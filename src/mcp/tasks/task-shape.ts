import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts'

/** 2026-07-28: https://modelcontextprotocol.io/extensions/tasks. 2025-11-25: an experimental part of the core. */
export type TaskKind = 'extension' | 'core'

export const TASKS_EXTENSION = 'io.modelcontextprotocol/tasks'

export const STATUSES = ['working', 'input_required', 'completed', 'failed', 'cancelled'] as const
export type TaskStatus = (typeof STATUSES)[number]

/** What both protocols say of a task, in one form. Times are ISO 8601, durations milliseconds. */
export interface TaskState {
  readonly status: TaskStatus
  readonly statusMessage?: string
  readonly createdAt: string
  readonly lastUpdatedAt: string
  readonly ttl: number | null
  readonly poll?: number
}

/** A task as its server tells of it, under the server's own id. */
export interface SeenTask {
  readonly id: string
  readonly state: TaskState
  readonly inputRequests?: JsonObject
  readonly result?: JsonObject
  readonly error?: JsonObject
}

/**
 * @param now stands for a time that the server does not give or that is none: only what is checked is handed on.
 * @returns undefined for what is no task.
 */
export function readTask(told: Json | undefined, now: string): SeenTask | undefined {
  if (!isJsonObject(told)) return undefined
  const { taskId, statusMessage, createdAt, lastUpdatedAt, inputRequests, result, error } = told
  const status = STATUSES.find((known) => known === told['status'])
  if (typeof taskId !== 'string' || taskId === '' || status === undefined) return undefined
  const poll = duration(told['pollIntervalMs'] ?? told['pollInterval'])
  return {
    id: taskId,
    state: {
      status,
      ...(typeof statusMessage === 'string' ? { statusMessage } : {}),
      createdAt: timeOr(createdAt, now),
      lastUpdatedAt: timeOr(lastUpdatedAt, now),
      ttl: duration(told['ttlMs'] ?? told['ttl']) ?? null,
      ...(poll === undefined ? {} : { poll }),
    },
    ...(isJsonObject(inputRequests) ? { inputRequests } : {}),
    ...(isJsonObject(result) ? { result } : {}),
    ...(isJsonObject(error) ? { error } : {}),
  }
}

export function hasEnded({ status }: TaskState): boolean {
  return status === 'completed' || status === 'failed' || status === 'cancelled'
}

/** `Task` of the extension. */
export function modernTask(taskId: string, { ttl, poll, ...state }: TaskState): JsonObject {
  return { taskId, ...state, ttlMs: ttl, ...(poll === undefined ? {} : { pollIntervalMs: poll }) }
}

/** `Task` of 2025-11-25. */
export function coreTask(taskId: string, { ttl, poll, ...state }: TaskState): JsonObject {
  return { taskId, ...state, ttl, ...(poll === undefined ? {} : { pollInterval: poll }) }
}

function timeOr(value: Json | undefined, now: string): string {
  return typeof value === 'string' && value.length <= 40 && !Number.isNaN(Date.parse(value)) ? value : now
}

function duration(value: Json | undefined): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined
}
