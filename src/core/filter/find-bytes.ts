/** Whether bytes contain others: Knuth, Morris and Pratt's search, which looks at each byte a bounded number of times. */
export function finder(wanted: Uint8Array): (bytes: Uint8Array) => boolean {
  // Of each prefix the length of the longest shorter one that it ends with.
  const back = new Int32Array(wanted.length);
  for (let i = 1, same = 0; i < wanted.length; i++) {
    while (same > 0 && wanted[i] !== wanted[same]) same = back[same - 1]!;
    if (wanted[i] === wanted[same]) same++;
    back[i] = same;
  }
  return (bytes) => {
    if (wanted.length === 0) return true;
    // The engine's own search for the first byte skips most of what cannot match.
    for (let at = bytes.indexOf(wanted[0]!), same = 0; at >= 0 && at < bytes.length; at++) {
      const byte = bytes[at]!;
      while (same > 0 && byte !== wanted[same]) same = back[same - 1]!;
      if (byte === wanted[same]) same++;
      if (same === wanted.length) return true;
    }
    return false;
  };
}
