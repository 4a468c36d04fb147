import type { ComponentChildren } from "preact";

/** What is wider or longer than its place scrolls there, by keys as well. */
export function Scrolling(props: {
  /** What it is, for who cannot see it. */
  readonly label: string;
  readonly class?: string;
  readonly children: ComponentChildren;
}) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys
    <section class={`scrolling ${props.class ?? ""}`.trimEnd()} aria-label={props.label} tabIndex={0}>
      {props.children}
    </section>
  );
}
