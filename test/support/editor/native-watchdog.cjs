'use strict';
// Stands in for the native module native-watchdog in the editor's server: ends the process when its parent is gone.
const EXIT_CODE = 87;
const EVERY_MS = 3000;

exports.start = (parent) => {
  setInterval(() => {
    try {
      process.kill(parent, 0);
    } catch (error) {
      if (error.code === 'ESRCH') process.exit(EXIT_CODE);
    }
  }, EVERY_MS).unref();
};
exports.exit = (code) => process.exit(code || 0);
