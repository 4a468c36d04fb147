/**
 * What the client needs of a WebSocket: the browser's own has it, and so has the one of `ws`. It is handed in, because Node
 * 20 has none of its own.
 */
export interface ClientSocket {
  onopen: ((event: never) => void) | null;
  onmessage: ((event: never) => void) | null;
  onclose: ((event: never) => void) | null;
  onerror: ((event: never) => void) | null;
  send(text: string): void;
  close(code?: number, reason?: string): void;
  /** Ends the connection without waiting for the other side. Only `ws` has it. */
  terminate?(): void;
}

/** `protocols`: the subprotocols that carry the token, since browsers cannot send headers with a WebSocket. */
export type ClientSocketConstructor = new (url: string, protocols?: string[]) => ClientSocket;

/** What a connection reports. */
export interface SocketEvents {
  readonly onOpen: () => void;
  readonly onText: (text: string) => void;
  /** `code`: RFC 6455 section 7.4; 1006 where the connection just broke. */
  readonly onClose: (code: number, reason: string) => void;
}

/** A connection that can be let go: afterwards it reports nothing more. */
export interface OpenSocket {
  send(text: string): void;
  /** Says goodbye; `onClosed` is called when the other side has, too. */
  close(onClosed: () => void): void;
  /** Ends it without waiting for an answer. */
  abandon(): void;
}

/** Opens `url`. Throws what the constructor throws. */
export function openSocket(
  webSocket: ClientSocketConstructor,
  url: string,
  token: string | undefined,
  { onOpen, onText, onClose }: SocketEvents,
): OpenSocket {
  const socket =
    token === undefined ? new webSocket(url) : new webSocket(url, ["heapscope", `token.${token}`]);
  let isOver = false;
  let onGoodbye = (): void => {};
  socket.onopen = () => isOver || onOpen();
  socket.onmessage = ({ data }: { readonly data: unknown }) => {
    if (!isOver && typeof data === "string") onText(data);
  };
  // An error is always followed by a close; without a listener `ws` would throw it.
  socket.onerror = () => {};
  socket.onclose = ({ code, reason }: { readonly code: number; readonly reason: string }) => {
    if (isOver) {
      onGoodbye();
      return;
    }
    isOver = true;
    onClose(code, reason);
  };
  return {
    send: (text) => socket.send(text),
    close: (onClosed) => {
      isOver = true;
      onGoodbye = onClosed;
      socket.close(1000);
    },
    abandon: () => {
      isOver = true;
      if (socket.terminate) socket.terminate();
      else socket.close();
    },
  };
}
