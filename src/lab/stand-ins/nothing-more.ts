/** What a stand-in for a socket raises, as an OSError, once the few requests it brings are answered. */
export const nothingMore = "nothing more comes to this stand-in for a socket";
