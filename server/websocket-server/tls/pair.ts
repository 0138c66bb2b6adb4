import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { createSecureContext } from "node:tls";
import { readRegularFile } from "../config/read-regular-file";

/** Where a certificate with its chain, and its key, lie. */
export interface PairFiles {
  certFile: string;
  keyFile: string;
}

/** A certificate and the key that belongs to it, both in PEM. */
export interface Pair {
  cert: string;
  key: string;
  /** What is in `cert`: the service's own certificate first. */
  chain: readonly X509Certificate[];
}

/** A pair that must not be served. */
export class PairRefused extends Error {
  /** The setting that names the file at fault. */
  readonly key: "tls.cert_file" | "tls.key_file";
  /** Certificates that could be read all the same. */
  readonly chain: readonly X509Certificate[];

  constructor(key: PairRefused["key"], message: string, chain: readonly X509Certificate[] = []) {
    super(message);
    this.name = "PairRefused";
    this.key = key;
    this.chain = chain;
  }
}

const largestFile = 1_048_576;

/** Reads a pair and tries whether it can be served. Throws `PairRefused`. */
export function readPair({ certFile, keyFile }: PairFiles): Pair {
  const cert = readPem("tls.cert_file", certFile);
  const chain = readChain(certFile, cert.blocks);
  const own = chain[0] as X509Certificate;
  try {
    const key = readPem("tls.key_file", keyFile);
    if (!own.checkPrivateKey(readKey(keyFile, key))) {
      const message = `${keyFile} is not the key of the first certificate in ${certFile}`;
      throw new PairRefused("tls.key_file", message);
    }
    createSecureContext({ cert: cert.text, key: key.text });
    return { cert: cert.text, key: key.text, chain };
  } catch (error) {
    // What the files hold is told even when it can't be served.
    if (error instanceof PairRefused) throw new PairRefused(error.key, error.message, chain);
    throw new PairRefused("tls.cert_file", `${certFile} can't be served: ${reasonOf(error)}`, chain);
  }
}

interface Pem {
  text: string;
  blocks: { label: string; text: string }[];
}

function readPem(key: PairRefused["key"], file: string): Pem {
  let text: string;
  try {
    text = readRegularFile(file, largestFile).toString("latin1");
  } catch (error) {
    throw new PairRefused(key, `${file} can't be read: ${reasonOf(error)}`);
  }
  const count = (mark: string) => text.split(mark).length - 1;
  const begun = count("-----BEGIN ");
  const matches =
    begun === count("-----END ")
      ? text.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----[\s\S]*?-----END \1-----/g)
      : [];
  const blocks = [...matches].map(([block, label = ""]) => ({ label, text: block }));
  if (blocks.length !== begun) throw new PairRefused(key, `${file} is cut off: a block does not end`);
  return { text, blocks };
}

function readChain(file: string, blocks: Pem["blocks"]): X509Certificate[] {
  const certificates = blocks.filter(({ label }) => label === "CERTIFICATE");
  if (certificates.length === 0)
    throw new PairRefused("tls.cert_file", `${file} holds no certificate in PEM`);
  return certificates.map(({ text }, index) => {
    try {
      return new X509Certificate(text);
    } catch (error) {
      const message = `certificate ${index + 1} in ${file} can't be read: ${reasonOf(error)}`;
      throw new PairRefused("tls.cert_file", message);
    }
  });
}

function readKey(file: string, { text, blocks }: Pem): KeyObject {
  const key = blocks.find(({ label }) => label.endsWith("PRIVATE KEY"));
  if (key === undefined) throw new PairRefused("tls.key_file", `${file} holds no private key in PEM`);
  if (key.label.includes("ENCRYPTED") || key.text.includes("ENCRYPTED")) {
    throw new PairRefused("tls.key_file", `${file} is encrypted: a key without a passphrase is needed`);
  }
  try {
    return createPrivateKey(text);
  } catch (error) {
    throw new PairRefused("tls.key_file", `the key in ${file} can't be read: ${reasonOf(error)}`);
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
