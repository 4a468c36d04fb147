/** The same character over and over, a lone 1 behind zeros, or little behind many zeros. */
const hardlyAny = /^(.)\1*$|^0+1$|^0{8,}.{0,4}$/;
/** Counting up. */
const rows = ["0123456789abcdef", "1234567890"];

/**
 * A USB serial number, where it tells one board from another; null where it is what a factory writes into every piece.
 * CP2102 chips come as "0001", MicroPython's nrf port gave every board "000000000000"
 * (ports/nrf/drivers/usb/usb_descriptors.c), and OpenMV Cams are "000000000011" (openmv/micropython, OPENMV4).
 */
export function tellingSerialNumber(serialNumber: string | null): string | null {
  if (serialNumber === null || hardlyAny.test(serialNumber)) return null;
  return rows.some((row) => row.includes(serialNumber.toLowerCase())) ? null : serialNumber;
}
