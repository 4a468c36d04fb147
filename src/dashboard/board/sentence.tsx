import { Time } from "../parts/time.tsx";
import { timesApart } from "./times-apart.ts";

/** A sentence of the daemon: the times in it, which are UTC, are shown in the viewer's zone. */
export function Sentence({ text }: { readonly text: string }) {
  return (
    <>
      {timesApart(text).map((piece) =>
        typeof piece === "string" ? piece : <Time key={piece.at} at={piece.at} />,
      )}
    </>
  );
}
