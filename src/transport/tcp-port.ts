import { connect, type Socket } from "node:net";
import { type HeapscopeError, heapscopeError } from "../shared/errors.ts";
import type { CloseReason, Port, PortAddress } from "./port.ts";

/** Longest time to wait for a TCP connection, ms. */
const CONNECT_TIMEOUT_MS = 5_000;

/** Connects to a raw TCP serial server (ser2net, QEMU `-serial tcp:`, ESP WebREPL bridges). */
export async function openTcpPort(
  url: string,
  address: PortAddress & { readonly kind: "tcp" },
  signal?: AbortSignal,
): Promise<Port> {
  signal?.throwIfAborted();
  const socket = connect({
    host: address.host,
    port: address.port,
    noDelay: true,
  });
  await new Promise<void>((resolve, reject) => {
    const giveUp = (error: unknown): void => {
      socket.destroy();
      reject(error);
    };
    const aborted = (): void => giveUp(signal?.reason);
    signal?.addEventListener("abort", aborted, { once: true });
    socket.setTimeout(CONNECT_TIMEOUT_MS, () => {
      giveUp(
        heapscopeError("port-failed", {
          port: url,
          reason: `no connection within ${CONNECT_TIMEOUT_MS} ms`,
        }),
      );
    });
    socket.once("error", (error) => giveUp(connectError(url, error)));
    socket.once("connect", () => {
      socket.setTimeout(0);
      socket.removeAllListeners("error");
      signal?.removeEventListener("abort", aborted);
      resolve();
    });
  });
  return tcpPortOf(url, socket);
}

function tcpPortOf(url: string, socket: Socket): Port {
  let closing = false;
  const closed = new Promise<CloseReason>((resolve) => {
    let reason = "the other side closed the connection";
    socket.on("error", (error) => {
      reason = error.message;
    });
    socket.once("close", () => resolve(closing ? { kind: "closed" } : { kind: "vanished", reason }));
  });
  return {
    url,
    closed,
    listen: (onBytes) => {
      socket.removeAllListeners("data");
      socket.on("data", onBytes);
    },
    write: (bytes) =>
      new Promise((resolve, reject) => {
        socket.write(bytes, (error) =>
          error
            ? reject(
                heapscopeError("port-vanished", {
                  port: url,
                  reason: error.message,
                }),
              )
            : resolve(),
        );
      }),
    close: async () => {
      closing = true;
      socket.destroy();
      await closed;
    },
  };
}

function connectError(url: string, error: Error & { readonly code?: string }): HeapscopeError {
  if (error.code === "ECONNREFUSED") return heapscopeError("port-refused", { port: url });
  return heapscopeError("port-failed", { port: url, reason: error.message });
}
