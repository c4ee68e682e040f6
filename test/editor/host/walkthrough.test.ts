import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { api, closeAll, eventually, EXTENSION } from './captures';

describe('the walkthrough', () => {
  before(api);
  afterEach(closeAll);

  it('opens in Getting Started', async () => {
    await vscode.commands.executeCommand('workbench.action.openWalkthrough', `${EXTENSION}#tcpTrace`, false);
    await eventually('its tab', () => vscode.window.tabGroups.activeTabGroup.activeTab);
  });

  it('opens the sample of a step, and nothing that is no sample', async () => {
    await vscode.commands.executeCommand('tcpTrace.openSample', 'ftp-textbook.pcap');
    const extension = await api();
    const capture = await eventually('the sample', () => extension.active());
    assert.match(capture.uri.path, /\/media\/samples\/ftp-textbook\.pcap$/);
    await closeAll();
    const asked = vscode.commands.executeCommand('tcpTrace.openSample', '../../package.json');
    const closing = setInterval(() => void vscode.commands.executeCommand('workbench.action.closeQuickOpen'), 100);
    await asked;
    clearInterval(closing);
    assert.equal(vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs).length, 0);
  });
});
