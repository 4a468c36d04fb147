/** What the laboratory's process tells. An experiment ends with `done`, `raised` and `done`, or `crashed`. */
export type LabNews =
  | { readonly kind: "ready" }
  | { readonly kind: "step"; readonly output: string }
  | { readonly kind: "raised"; readonly output: string; readonly traceback: string }
  | { readonly kind: "done" }
  | { readonly kind: "crashed"; readonly reason: string };
