import { execFileSync } from "node:child_process";
import { generateKeyPairSync, X509Certificate } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { findProgram } from "../../testing/servers.mjs";

const dayMs = 86_400_000;

export interface Issued {
  cert: string;
  key: string;
  serial: string;
}

export interface IssueOptions {
  names?: string;
  notBeforeMs?: number;
  notAfterMs?: number;
}

/** A certification authority of a test's own, by the `openssl` of this machine, in `folder`. */
export class TestAuthority {
  /** Its certificate, to be trusted by clients. */
  readonly ca: string;
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = join(folder, "authority");
    mkdirSync(this.#folder);
    writeFileSync(join(this.#folder, "index"), "");
    writeFileSync(join(this.#folder, "ca.key"), newKey());
    writeFileSync(join(this.#folder, "ca.cnf"), configuration);
    this.#openssl(
      "req",
      "-x509",
      "-config",
      "ca.cnf",
      "-key",
      "ca.key",
      "-subj",
      "/CN=Test CA",
      "-out",
      "ca.pem",
    );
    this.ca = readFileSync(join(this.#folder, "ca.pem"), "utf8");
  }

  /** A new key with a certificate for it, valid from yesterday for 90 days unless said otherwise. */
  issue({ names = "DNS:localhost,IP:127.0.0.1", notBeforeMs, notAfterMs }: IssueOptions = {}): Issued {
    const key = newKey();
    const now = Date.now();
    writeFileSync(join(this.#folder, "own.key"), key);
    const subject = ["-subj", "/O=Wirewatch/CN=test service", "-addext", `subjectAltName=${names}`];
    this.#openssl("req", "-new", "-config", "ca.cnf", "-key", "own.key", ...subject, "-out", "own.csr");
    const from = ["-startdate", timeText(notBeforeMs ?? now - dayMs)];
    const until = ["-enddate", timeText(notAfterMs ?? now + 90 * dayMs)];
    this.#openssl(
      "ca",
      "-batch",
      "-notext",
      "-config",
      "ca.cnf",
      ...from,
      ...until,
      "-in",
      "own.csr",
      "-out",
      "own.pem",
    );
    const cert = readFileSync(join(this.#folder, "own.pem"), "utf8");
    return { cert, key, serial: new X509Certificate(cert).serialNumber };
  }

  #openssl(...args: string[]): void {
    execFileSync(findProgram("openssl") ?? "openssl", args, { cwd: this.#folder, stdio: "pipe" });
  }
}

/** A pair of files as a service reads them. */
export class PairOnDisk {
  readonly certFile: string;
  readonly keyFile: string;

  constructor(folder: string, issued: Issued) {
    this.certFile = join(folder, "server.pem");
    this.keyFile = join(folder, "server.key");
    this.write(issued);
  }

  get env(): Record<string, string> {
    return { WEBSOCKET_TLS_CERT_FILE: this.certFile, WEBSOCKET_TLS_KEY_FILE: this.keyFile };
  }

  write({ cert, key }: Pick<Issued, "cert" | "key">): void {
    replace(this.certFile, cert);
    replace(this.keyFile, key);
  }
}

function replace(file: string, text: string): void {
  writeFileSync(`${file}.new`, text);
  renameSync(`${file}.new`, file);
}

function newKey(): string {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return privateKey.export({ type: "pkcs8", format: "pem" }).toString();
}

/** `20261123081502Z`. */
function timeText(ms: number): string {
  return new Date(ms).toISOString().replace(/[-:T]|\.\d+/g, "");
}

const configuration = `
[ca]
default_ca = own
[own]
database = index
new_certs_dir = .
rand_serial = yes
unique_subject = no
default_md = sha256
certificate = ca.pem
private_key = ca.key
policy = any
copy_extensions = copy
[any]
organizationName = optional
commonName = supplied
[req]
distinguished_name = empty
x509_extensions = authority
[empty]
[authority]
basicConstraints = critical, CA:TRUE
subjectKeyIdentifier = hash
`;
