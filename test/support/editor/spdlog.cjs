'use strict';
// Stands in for the native module @vscode/spdlog in the editor's server: the same log files, written by Node.
// Without it there are no log files and output channels stay empty.
const fs = require('node:fs');
const path = require('node:path');

const LEVELS = ['trace', 'debug', 'info', 'warning', 'error', 'critical', 'off'];
let commonLevel = LEVELS.indexOf('info');

/** "2025-01-31 23:59:59.123", local time. */
function stamp() {
  const now = new Date();
  const local = new Date(now.getTime() - now.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, -1).replace('T', ' ');
}

class Logger {
  constructor(_kind, _name, file) {
    this.file = file;
    this.level = commonLevel;
    this.plain = false;
    this.append('');
  }

  append(text) {
    try {
      fs.mkdirSync(path.dirname(this.file), { recursive: true });
      fs.appendFileSync(this.file, text);
    } catch {
      // A log that cannot be written must not stop the editor.
    }
  }

  write(level, message) {
    if (level >= this.level) this.append(this.plain ? message : `${stamp()} [${LEVELS[level]}] ${message}\n`);
  }

  getLevel() {
    return this.level;
  }

  setLevel(level) {
    this.level = level;
  }

  clearFormatters() {
    this.plain = true;
  }

  setPattern() {}
  flush() {}
  drop() {}
}

for (const [level, name] of ['trace', 'debug', 'info', 'warn', 'error', 'critical'].entries())
  Logger.prototype[name] = function (message) {
    this.write(level, message);
  };

// One assignment each: the editor imports these by name, and Node finds the names by reading, not by running.
exports.version = 11500;
exports.Logger = Logger;
exports.setLevel = (level) => {
  commonLevel = level;
};
exports.setFlushOn = () => {};
exports.createRotatingLogger = (name, file) => Promise.resolve(new Logger('rotating', name, file));
exports.createAsyncRotatingLogger = (name, file) => Promise.resolve(new Logger('rotating_async', name, file));
