import { defaultPortOptions, type Port, type PortOptions } from "./port.ts";
import { parsePortUrl } from "./port-url.ts";
import { openSerialPort } from "./serial-port.ts";
import { openTcpPort } from "./tcp-port.ts";

/**
 * Opens `url` (see `parsePortUrl`). Aborting `signal` cancels the opening; once open, the caller closes the port.
 * Throws port-url-invalid, port-not-found, port-busy, port-changed, port-permission, port-refused or port-failed.
 */
export function openPort(
  url: string,
  signal?: AbortSignal,
  options: PortOptions = defaultPortOptions,
): Promise<Port> {
  const address = parsePortUrl(url);
  return address.kind === "serial"
    ? openSerialPort(url, address.path, options, signal)
    : openTcpPort(url, address, signal);
}
