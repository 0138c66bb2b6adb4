/**
 * A masked frame as clients send it (RFC 6455, section 5.3). The mask is zero: that spares the load client the work
 * and is not told apart by servers.
 */
export function clientFrame(text: string | Buffer, opcode = 1): Buffer {
  const payload = typeof text === "string" ? Buffer.from(text) : text;
  const extended = payload.length < 126 ? 0 : payload.length < 65_536 ? 2 : 8;
  const frame = Buffer.alloc(2 + extended + 4 + payload.length);
  frame[0] = 0x80 | opcode;
  frame[1] = 0x80 | (extended === 0 ? payload.length : extended === 2 ? 126 : 127);
  if (extended === 2) frame.writeUInt16BE(payload.length, 2);
  if (extended === 8) frame.writeBigUInt64BE(BigInt(payload.length), 2);
  payload.copy(frame, 2 + extended + 4);
  return frame;
}
