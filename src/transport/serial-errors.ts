import { type HeapscopeError, heapscopeError } from "../shared/errors.ts";

/** What serialport says when an opening fails; it reports system errors by text only. */
export type OpenFailure = "busy" | "permission" | "not-found" | "other";

/** Sorts the text of a failed opening. */
export function openFailure(text: string): OpenFailure {
  if (/lock|busy|EBUSY|temporarily unavailable/i.test(text)) return "busy";
  if (isPermission(text)) return "permission";
  if (/no such|ENOENT|not found/i.test(text)) return "not-found";
  return "other";
}

/** The error of a failed opening. `holder`: who has the port, such as "mpremote (process 1234)"; null = unknown. */
export function openError(url: string, { message }: Error, holder: string | null): HeapscopeError {
  switch (openFailure(message)) {
    case "busy":
      return heapscopeError("port-busy", { port: url, ...(holder !== null && { holder }) });
    case "permission":
      return heapscopeError("port-permission", { port: url });
    case "not-found":
      return heapscopeError("port-not-found", { port: url });
    case "other": {
      const reason = /ioctl|ENOTTY/i.test(message) ? "it is not a serial device" : plainReason(message);
      return heapscopeError("port-failed", { port: url, reason });
    }
  }
}

/** Why reading from or writing to an open port failed, in words that fit into "went away (…)". */
export function lossReason({ message }: Error): string {
  if (isPermission(message)) return "the permission to use it was taken away";
  return plainReason(message);
}

function isPermission(text: string): boolean {
  return /permission|EACCES|EPERM|not permitted/i.test(text);
}

function plainReason(message: string): string {
  if (/bad file descriptor|EBADF|EIO|i\/o error|ENXIO|no such device/i.test(message))
    return "the device is gone";
  return message.replace(/^Error: /, "").replace(/\.$/, "");
}
