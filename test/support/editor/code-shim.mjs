#!/usr/bin/env node
// Stands in for the program of a desktop VS Code: takes the command line that @vscode/test-electron gives it, and runs
// the same suite in the VS Code server with a headless Chromium.
import 'tsx';

await import('./run-in-server.ts');
