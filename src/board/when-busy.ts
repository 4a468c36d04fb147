/**
 * What heapscope may do while a program holds a board's prompt (DESIGN, decision 1).
 *
 * - `skip`: wait; no Ctrl-C, no soft reset
 * - `interrupt`: Ctrl-C, read, stay at the prompt
 * - `restart`: Ctrl-C, read, soft reset, so that main.py runs again
 * - `resume`: Ctrl-C, read, continue the asyncio loop
 */
export const whenBusyPolicies = ["skip", "interrupt", "restart", "resume"] as const;

export type WhenBusy = (typeof whenBusyPolicies)[number];
