import type { SecureVersion } from "node:tls";
import type { Logger } from "../../process/logger";
import { ConfigRefused } from "../config/mistake";
import type { ConfigStore } from "../config/store";
import { Certificates } from "./certificates";
import { type Pair, PairRefused, readPair } from "./pair";

/** The certificate that the configuration names, null when it names none. Throws `ConfigRefused`. */
export function openCertificates(config: ConfigStore, logger: Logger): Certificates | null {
  const {
    "tls.cert_file": certFile,
    "tls.key_file": keyFile,
    "tls.min_version": minVersion,
  } = config.settings;
  if (certFile === null || keyFile === null) return null;
  const files = { certFile, keyFile };
  const pair = readAtStart(config, files);
  return new Certificates({ files, minVersion: minVersion as SecureVersion, logger, pair });
}

function readAtStart(config: ConfigStore, files: Parameters<typeof readPair>[0]): Pair {
  try {
    return readPair(files);
  } catch (error) {
    if (!(error instanceof PairRefused)) throw error;
    const { key, message } = error;
    const file = config.describe(key).winner === "file" ? config.file : null;
    const expected = key === "tls.cert_file" ? "a certificate in PEM" : "the certificate's key in PEM";
    throw new ConfigRefused([{ file, line: null, column: null, key, expected, message }]);
  }
}
