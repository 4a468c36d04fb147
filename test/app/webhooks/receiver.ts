import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import type { WebhookBody } from "../../../src/app/webhooks/webhook-request.ts";

export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly body: WebhookBody;
}

/** How a request is answered; null = never. */
type Answer = number | null | ((response: ServerResponse) => void);

/** A real HTTP server that takes webhooks, and answers each request as told; 204 where nothing was told. */
export class Receiver {
  readonly url: string;
  readonly received: Received[] = [];
  readonly #answers: Answer[] = [];
  #waiting: { readonly count: number; readonly done: () => void } | null = null;

  private constructor(url: string) {
    this.url = url;
  }

  static async start(): Promise<Receiver> {
    let receiver: Receiver | null = null;
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const text = Buffer.concat(chunks).toString();
        const { url: path = "", headers } = request;
        receiver?.take({ path, headers, text, body: JSON.parse(text) as WebhookBody }, response);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    receiver = new Receiver(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    return receiver;
  }

  /** Answers of the next requests. */
  answer(...answers: readonly Answer[]): void {
    this.#answers.push(...answers);
  }

  /** Until so many requests have come in all. */
  async until(count: number): Promise<readonly Received[]> {
    if (this.received.length < count) {
      await new Promise<void>((done) => {
        this.#waiting = { count, done };
      });
    }
    return this.received;
  }

  take(request: Received, response: ServerResponse): void {
    this.received.push(request);
    const answer = this.#answers.length > 0 ? this.#answers.shift() : 204;
    if (typeof answer === "function") answer(response);
    else if (typeof answer === "number") response.writeHead(answer).end();
    if (this.#waiting && this.received.length >= this.#waiting.count) {
      this.#waiting.done();
      this.#waiting = null;
    }
  }
}
