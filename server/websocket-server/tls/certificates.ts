import type { X509Certificate } from "node:crypto";
import { stat } from "node:fs/promises";
import { isIP } from "node:net";
import type { SecureVersion } from "node:tls";
import type { Host, Stats } from "../../../lib/contract/service-api";
import type { Logger } from "../../process/logger";
import { describeChain, validityOfChain } from "./describe-chain";
import { judgeValidity } from "./judge-certificate";
import { type Pair, type PairFiles, PairRefused, readPair } from "./pair";
import type { ServedTls } from "./served-tls";

export interface CertificatesOptions {
  files: PairFiles;
  minVersion: SecureVersion;
  logger: Logger;
  /** The pair to begin with. */
  pair: Pair;
  /** Time between two looks at the files. */
  pollMs?: number;
  nowMs?: () => number;
}

interface Refused {
  reason: string;
  chain: readonly X509Certificate[];
}

/**
 * The certificate that the listeners serve. Its files are looked at every few seconds and at a reload; a pair that
 * can't be served leaves the one before in force.
 */
export class Certificates {
  /** How often the files were looked at. */
  looks = 0;
  readonly #files: PairFiles;
  readonly #minVersion: SecureVersion;
  readonly #logger: Logger;
  readonly #pollMs: number;
  readonly #nowMs: () => number;
  readonly #listeners: ((served: ServedTls) => void)[] = [];
  #pair: Pair;
  #refused: Refused | null = null;
  /** What the newest look found wrong. */
  #suspected: string | null = null;
  #identity: string | null = null;
  #status: string | null = null;
  #timer: NodeJS.Timeout | null = null;
  #looking = false;

  constructor({ files, minVersion, logger, pair, pollMs = 2_000, nowMs = Date.now }: CertificatesOptions) {
    this.#files = files;
    this.#minVersion = minVersion;
    this.#logger = logger;
    this.#pair = pair;
    this.#pollMs = pollMs;
    this.#nowMs = nowMs;
  }

  get served(): ServedTls {
    const { cert, key } = this.#pair;
    return { cert, key, minVersion: this.#minVersion };
  }

  /** `listener` gets each pair that comes into force later. */
  onRenewed(listener: (served: ServedTls) => void): void {
    this.#listeners.push(listener);
  }

  start(): void {
    this.#noteStatus();
    this.#timer = setInterval(() => {
      this.#look().catch((error: unknown) =>
        this.#logger.error("certificate can't be looked at", { error: String(error) }),
      );
    }, this.#pollMs);
    this.#timer.unref();
  }

  stop(): void {
    if (this.#timer) clearInterval(this.#timer);
    this.#timer = null;
  }

  /** Reads the files now. */
  reload(by: string): void {
    this.#read(by);
  }

  state(): NonNullable<Stats["server"]["tls"]> {
    return { ...validityOfChain(this.#pair.chain), refused: this.#refused?.reason ?? null };
  }

  /** What is served, and what lies in the files and is not. */
  describe(): NonNullable<Host["certificates"]["value"]> {
    const { certFile } = this.#files;
    const nowMs = this.#nowMs();
    return [
      ...describeChain(this.#pair.chain, certFile, true, nowMs),
      ...describeChain(this.#refused?.chain ?? [], certFile, false, nowMs),
    ];
  }

  /** Whether the certificate names this host; wildcards don't count. */
  covers(host: string): boolean {
    const [own] = this.#pair.chain;
    if (own === undefined) return false;
    const bare = host.replace(/^\[|\]$/g, "");
    return (isIP(bare) ? own.checkIP(bare) : own.checkHost(bare, { wildcards: false })) !== undefined;
  }

  /** Reads the files when they are others than those read last, and as long as they are refused. */
  async #look(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    const { certFile, keyFile } = this.#files;
    const identity = (await Promise.all([certFile, keyFile].map(identityOf))).join(" ");
    this.#looking = false;
    if (this.#timer === null) return;
    if (identity !== this.#identity || this.#suspected !== null) this.#read(null);
    this.#identity = identity;
    this.#noteStatus();
    this.looks++;
  }

  /** `by` is whoever asked; null for a look of its own. */
  #read(by: string | null): void {
    let pair: Pair;
    try {
      pair = readPair(this.#files);
      this.#refuseWorse(pair);
    } catch (error) {
      if (!(error instanceof PairRefused)) throw error;
      this.#refuse({ reason: error.message, chain: error.chain }, by);
      return;
    }
    this.#suspected = null;
    const before = this.#refused;
    this.#refused = null;
    if (pair.cert === this.#pair.cert && pair.key === this.#pair.key) {
      if (before !== null) this.#logger.info("certificate files hold again what is served");
      return;
    }
    this.#pair = pair;
    const [own] = pair.chain;
    this.#logger.info("certificate renewed", {
      file: this.#files.certFile,
      serial: own?.serialNumber,
      not_after: own && new Date(own.validTo).toISOString(),
      by: by ?? undefined,
    });
    for (const listener of this.#listeners) listener(this.served);
    this.#noteStatus();
  }

  /** A certificate that no client takes must not follow one that clients take. */
  #refuseWorse({ chain }: Pair): void {
    const nowMs = this.#nowMs();
    const { status, message } = judgeValidity({ ...validityOfChain(chain), refused: null }, nowMs);
    if (status !== "fail" || judgeValidity(this.state(), nowMs).status === "fail") return;
    throw new PairRefused("tls.cert_file", `${this.#files.certFile}: ${message}`, chain);
  }

  #refuse(refused: Refused, by: string | null): void {
    const { reason } = refused;
    const again = this.#suspected === reason;
    this.#suspected = reason;
    // Two files are never replaced at one stroke: what a look of its own finds wrong must still be wrong at the next.
    if (by === null && (!again || this.#refused?.reason === reason)) return;
    this.#refused = refused;
    this.#logger.error("certificate refused, the one before stays in force", { reason, by: by ?? undefined });
  }

  /** Logs when the certificate begins to be a worry, and when it ends to be one. */
  #noteStatus(): void {
    const { status, message } = judgeValidity(this.state(), this.#nowMs());
    const before = this.#status;
    this.#status = status;
    if (status === before || (before === null && status === "pass")) return;
    const level = status === "fail" ? "error" : status === "warn" ? "warn" : "info";
    this.#logger[level]("certificate", { status, message });
  }
}

/** Another one when a file is written to or replaced, links on the way to it included. */
async function identityOf(file: string): Promise<string> {
  try {
    const { dev, ino, size, mtimeNs, ctimeNs } = await stat(file, { bigint: true });
    return [dev, ino, size, mtimeNs, ctimeNs].join(":");
  } catch (error) {
    return String((error as NodeJS.ErrnoException).code);
  }
}
