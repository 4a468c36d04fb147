/**
 * What a UART makes of one byte that was sent at another rate: 8 data bits, no parity, sampled in the middle of each bit,
 * the line idle before and after. `ratio`: the receiver's rate divided by the sender's. Where the stop bit is not found the
 * byte is 0, as Linux hands it on. Anything from no byte at all (the start bit was too short) to several.
 */
export function heardAtWrongRate(byte: number, ratio: number): readonly number[] {
  /** Times are in bits of the sender. A frame is: 0, the data bits with the lowest first, 1. */
  const level = (time: number): 0 | 1 => {
    const bit = Math.floor(time);
    if (bit < 0 || bit > 8) return 1;
    return bit === 0 || ((byte >> (bit - 1)) & 1) === 0 ? 0 : 1;
  };
  const heard: number[] = [];
  let freeFrom = 0;
  for (let edge = 0; edge < frameBits; edge++) {
    if (edge < freeFrom || level(edge) === 1 || level(edge - 1) === 0) continue;
    const sample = (bit: number): 0 | 1 => level(edge + (bit + 0.5) / ratio);
    if (sample(0) === 1) continue; // too short for a start bit: noise
    let value = 0;
    for (let bit = 1; bit <= 8; bit++) value |= sample(bit) << (bit - 1);
    const stopBit = 9;
    heard.push(sample(stopBit) === 1 ? value : 0);
    freeFrom = edge + (stopBit + 0.5) / ratio;
  }
  return heard;
}

const frameBits = 10;
