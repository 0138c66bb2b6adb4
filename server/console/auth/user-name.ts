import { z } from "zod";

/** What a user may be called: it stands in audit records, logs and on public pages. */
export const userNameSchema = z
  .string()
  .regex(
    /^[\p{L}\p{N}][\p{L}\p{N}._@+-]{0,63}$/u,
    "1 to 64 letters, digits or . _ @ + -, the first a letter or digit",
  );
