/**
 * How to start the npm that belongs to this run: the one that started us, else the one on the PATH.
 * @param {readonly string[]} args
 * @returns {{ file: string, args: string[] }}
 */
export function npmCommand(args) {
  const cli = process.env.npm_execpath;
  if (cli && /npm-cli\.[cm]?js$/.test(cli)) return { file: process.execPath, args: [cli, ...args] };
  // Windows can start a batch file only through its command interpreter.
  return process.platform === 'win32'
    ? { file: process.env.ComSpec ?? 'cmd.exe', args: ['/d', '/c', 'npm.cmd', ...args] }
    : { file: 'npm', args: [...args] };
}
