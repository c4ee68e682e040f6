/**
 * @typedef {{ version?: string, resolved?: string, integrity?: string, link?: boolean, optional?: boolean }} LockedPackage
 * @typedef {{ packages?: Record<string, LockedPackage> }} Lock
 */

/**
 * Why node_modules has to be installed again, in words, or `null` where it is what the lock file says.
 * @param {Lock | null} wanted package-lock.json
 * @param {Lock | null} installed node_modules/.package-lock.json, which npm writes after an installation
 * @returns {string | null}
 */
export function staleness(wanted, installed) {
  if (!installed?.packages) return 'it is not there yet';
  for (const [place, locked] of Object.entries(wanted?.packages ?? {})) {
    if (place === '') continue;
    const found = installed.packages[place];
    // An optional package may be for another platform.
    if (!found && !locked.optional) return `${place} is missing`;
    if (found && found.version !== locked.version)
      return `${place} is ${found.version}, but should be ${locked.version}`;
  }
  for (const place of Object.keys(installed.packages))
    if (!wanted?.packages?.[place]) return `${place} is no longer wanted`;
  return null;
}
