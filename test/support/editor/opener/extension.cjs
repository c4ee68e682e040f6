'use strict';
// Part of `npm start` alone. In a profile that is new, an editor knows its extensions only some moments after its
// window is there; a capture that is opened before is shown as a binary file. This opens it again as a capture.
const vscode = require('vscode');

const VIEW_TYPE = 'tcpTrace.capture';

exports.activate = async () => {
  const extension = vscode.extensions.getExtension('tcp-trace-explorer.tcp-trace-explorer');
  const endings = extension.packageJSON.contributes.customEditors
    .flatMap((editor) => editor.selector)
    .map((selector) => selector.filenamePattern.replace('*', ''));
  for (const tab of vscode.window.tabGroups.all.flatMap((group) => group.tabs)) {
    const { uri } = tab.input ?? {};
    if (!uri || tab.input instanceof vscode.TabInputCustom) continue;
    if (!endings.some((ending) => uri.path.endsWith(ending))) continue;
    await vscode.window.tabGroups.close(tab);
    await vscode.commands.executeCommand('vscode.openWith', uri, VIEW_TYPE);
  }
  // The file that `npm start` was given, where it was given one.
  const { capture } = require('./capture.json');
  if (capture) await vscode.commands.executeCommand('vscode.openWith', vscode.Uri.file(capture), VIEW_TYPE);
};
