/** Of the options that say which history a command works on. */
export const historyHelp = {
  database: "the history (default: the configuration's)",
  config: "YAML file whose key database names the history (default: $HEAPSCOPE_CONFIG, else none)",
} as const;
