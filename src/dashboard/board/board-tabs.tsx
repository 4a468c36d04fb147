import { defaultRange, hrefOf, type Route } from "../shell/route.ts";

type Shown = Extract<Route, { readonly boardId: string }>["kind"];

/** The views of a board. Links, since each has its own address. */
export function BoardTabs({ boardId, shown }: { readonly boardId: string; readonly shown: Shown }) {
  const tabs = [
    { kind: "board", text: "Memory", href: hrefOf({ kind: "board", boardId, range: defaultRange }) },
    {
      kind: "compare",
      text: "Compare maps",
      href: hrefOf({ kind: "compare", boardId, from: null, to: null }),
    },
    { kind: "console", text: "Console", href: hrefOf({ kind: "console", boardId }) },
  ] as const;
  return (
    <nav class="tabs" aria-label="Views of this board">
      {tabs.map(({ kind, text, href }) => (
        <a key={kind} href={href} aria-current={kind === shown ? "page" : undefined}>
          {text}
        </a>
      ))}
    </nav>
  );
}
