/** Formats of other programs in which records leave. */
export const EXPORT_FORMATS = ['jsonl', 'csv', 'ocsf', 'cef', 'otlp'] as const
export type ExportFormat = (typeof EXPORT_FORMATS)[number]
