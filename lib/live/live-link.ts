import type { Socket } from "socket.io-client";
import type { ClientEvents, LiveFrame, LiveView, ServerEvents } from "../contract/live";
import { type ConnectionState, pollSeconds } from "./connection-state";

type LiveSocket = Socket<ServerEvents, ClientEvents>;

/** As `livePath` in the contract, which brings its schemas along and so stays out of the browser; a test keeps them equal. */
export const socketPath = "/api/socket";

export interface LiveLinkOptions {
  onFrame: (frame: LiveFrame) => void;
  onState: (state: ConnectionState) => void;
  /** Of the console; empty for the page's own. */
  origin?: string;
}

const answerMs = 5_000;
const longestWaitMs = 10_000;

/** Waits grow to ten seconds, with some chance in them so that browsers don't come back all at once. */
const waitMs = (attempt: number) =>
  Math.min(longestWaitMs, 1_000 * 2 ** Math.min(attempt - 1, 4)) * (0.8 + Math.random() * 0.4);

/**
 * Brings frames of one view: by push, and by polling while the push is down for more than two seconds.
 * It goes on trying the push meanwhile and goes back to it by itself.
 */
export class LiveLink {
  private readonly options: LiveLinkOptions;
  private view: LiveView = { kind: "shell" };
  private socket: LiveSocket | null = null;
  private pushUp = false;
  private pushAttempts = 0;
  private pollFailures = 0;
  private lastFrameAtMs: number | null = null;
  private retryTimer: ReturnType<typeof setTimeout> | undefined;
  private pollTimer: ReturnType<typeof setTimeout> | undefined;
  private poll: AbortController | null = null;
  private stopped = true;
  /** Grows with each start, so that a start overtaken by a stop opens nothing. */
  private run = 0;
  private state: ConnectionState = { mode: "connecting", attempt: 0, retryAtMs: null };

  constructor(options: LiveLinkOptions) {
    this.options = options;
  }

  start(): void {
    if (!this.stopped) return;
    this.stopped = false;
    this.run++;
    this.planPoll(pollSeconds * 1_000);
    void this.open();
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.retryTimer);
    clearTimeout(this.pollTimer);
    this.poll?.abort();
    this.socket?.disconnect();
    this.socket = null;
    this.pushUp = false;
  }

  watch(view: LiveView): void {
    if (JSON.stringify(view) === JSON.stringify(this.view)) return;
    this.view = view;
    this.refresh();
  }

  /** Asks for a full frame of the view again. */
  refresh(): void {
    this.lastFrameAtMs = null;
    if (this.pushUp) this.askForView();
    else if (this.state.mode === "polling") this.planPoll(0);
  }

  retryNow(): void {
    if (this.stopped || this.pushUp) return;
    clearTimeout(this.retryTimer);
    this.socket?.connect();
    this.planPoll(0);
  }

  private async open(): Promise<void> {
    const run = this.run;
    const { io } = await import("socket.io-client");
    if (this.stopped || run !== this.run) return;
    const socket: LiveSocket = io(this.options.origin ?? "", {
      path: socketPath,
      transports: ["websocket", "polling"],
      reconnection: false,
      withCredentials: true,
      timeout: answerMs,
    });
    this.socket = socket;
    socket.on("connect", () => this.askForView());
    socket.on("frame", (frame) => this.take(frame));
    socket.on("signedOut", () => this.signOut());
    socket.on("connect_error", (error) => {
      if (error.message === "UNAUTHENTICATED") this.signOut();
      else this.pushDown();
    });
    socket.on("disconnect", (reason) => {
      if (reason !== "io client disconnect") this.pushDown();
    });
  }

  private askForView(): void {
    const asked = this.view;
    this.socket?.timeout(answerMs).emit("watch", asked, (failure, answer) => {
      if (this.stopped || asked !== this.view) return;
      if (failure) {
        this.socket?.disconnect();
        this.pushDown();
        return;
      }
      if (!answer.ok) {
        if (answer.error.code === "UNAUTHENTICATED") this.signOut();
        return;
      }
      this.pushUp = true;
      this.pushAttempts = 0;
      this.pollFailures = 0;
      clearTimeout(this.pollTimer);
      this.poll?.abort();
      this.take(answer.frame);
      this.tell({ mode: "push", attempt: 0, retryAtMs: null });
    });
  }

  private take(frame: LiveFrame): void {
    this.lastFrameAtMs = frame.atMs;
    this.options.onFrame(frame);
  }

  private pushDown(): void {
    if (this.stopped) return;
    if (this.pushUp) this.planPoll(pollSeconds * 1_000);
    this.pushUp = false;
    this.pushAttempts++;
    clearTimeout(this.retryTimer);
    this.retryTimer = setTimeout(() => this.socket?.connect(), waitMs(this.pushAttempts));
  }

  private planPoll(delayMs: number): void {
    clearTimeout(this.pollTimer);
    this.pollTimer = setTimeout(() => void this.pollOnce(), delayMs);
  }

  private async pollOnce(): Promise<void> {
    if (this.stopped || this.pushUp || this.state.mode === "signed_out") return;
    this.poll?.abort();
    const poll = new AbortController();
    this.poll = poll;
    const asked = this.view;
    const query = new URLSearchParams({ view: asked.kind });
    if (asked.kind === "server") query.set("serverId", asked.serverId);
    if (this.lastFrameAtMs !== null) query.set("sinceMs", String(this.lastFrameAtMs));
    const limit = setTimeout(() => poll.abort(), answerMs);
    try {
      const answer = await fetch(`${this.options.origin ?? ""}/api/live?${query}`, { signal: poll.signal });
      if (answer.status === 401) return this.signOut();
      if (!answer.ok) throw new Error(`status ${answer.status}`);
      const frame = (await answer.json()) as LiveFrame;
      if (this.stopped || this.pushUp || asked !== this.view) return;
      this.pollFailures = 0;
      this.take(frame);
      this.tell({ mode: "polling", attempt: 0, retryAtMs: null });
      this.planPoll(pollSeconds * 1_000);
    } catch {
      if (this.stopped || this.pushUp || this.poll !== poll) return;
      this.pollFailures++;
      const delayMs = waitMs(this.pollFailures + 1);
      this.tell({ mode: "lost", attempt: this.pollFailures, retryAtMs: Date.now() + delayMs });
      this.planPoll(delayMs);
    } finally {
      clearTimeout(limit);
    }
  }

  private signOut(): void {
    this.stop();
    this.tell({ mode: "signed_out", attempt: 0, retryAtMs: null });
  }

  private tell(state: ConnectionState): void {
    this.state = state;
    this.options.onState(state);
  }
}
