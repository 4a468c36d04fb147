import type { HeapscopeError } from "../../shared/errors.ts";

/** The daemon's own words where it had some; its commands' words are not for the page. */
export function problemText(error: HeapscopeError): string {
  if (error.code === "daemon-absent")
    return "The daemon gives no answer: it is not running, or cannot be reached from here.";
  const { detail } = error.context;
  return error.code === "daemon-refused" && typeof detail === "string" ? detail : error.message;
}
