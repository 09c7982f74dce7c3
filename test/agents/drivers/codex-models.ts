/** What Codex knows of its models: `apply_patch` goes to those alone that it knows to take it, and MCP tools not behind a search. */
export const CODEX_MODELS = {
  models: [
    {
      slug: 'scripted',
      display_name: 'Scripted',
      description: 'does what it is told',
      base_instructions: 'go on',
      apply_patch_tool_type: 'freeform',
      supports_search_tool: false,
      shell_type: 'unified_exec',
      visibility: 'list',
      supported_in_api: true,
      priority: 1,
      context_window: 100_000,
      input_modalities: ['text'],
      truncation_policy: { mode: 'tokens', limit: 10_000 },
      supported_reasoning_levels: [],
      supports_reasoning_summaries: false,
      support_verbosity: false,
      supports_parallel_tool_calls: false,
      experimental_supported_tools: [],
    },
  ],
}
