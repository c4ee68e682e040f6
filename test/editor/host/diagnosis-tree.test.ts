import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { DiagnosisElement } from '../../../src/extension/views/diagnosis';
import { api, closeAll, eventually, inWorkspace, open } from './captures';

describe('the tree of the diagnosis', () => {
  afterEach(async () => {
    await vscode.workspace.getConfiguration('tcpTrace').update('diagnosis.portScanPorts', undefined, true);
    await closeAll();
  });

  const children = async (element?: DiagnosisElement): Promise<DiagnosisElement[]> =>
    (await (await api()).diagnosisTree.getChildren(element)) ?? [];
  const labels = async (elements: readonly DiagnosisElement[]): Promise<string[]> => {
    const { diagnosisTree } = await api();
    return Promise.all(elements.map(async (one) => (await diagnosisTree.getTreeItem(one)).label as string));
  };
  /** Opens a capture, and the tree, which is there only while one is open. */
  const openBesideTree = async (uri: vscode.Uri): Promise<void> => {
    await open(uri);
    await vscode.commands.executeCommand('tcpTrace.diagnosis.focus');
  };
  /** Waits until the groups are these. */
  const groups = (expected: readonly string[]): Promise<DiagnosisElement[]> =>
    eventually(`the groups ${expected.join(', ')}`, async () => {
      const found = await children();
      return (await labels(found)).join() === expected.join() ? found : null;
    });

  it('lists findings by group, and leads to their packets', async () => {
    const uri = inWorkspace('scan-syn.pcap');
    await openBesideTree(uri);
    const [attacks] = await groups(['Attacks', 'Connections that fail']);
    const findings = await children(attacks);
    assert.deepEqual(await labels(findings), ['SYN scan (half-open)']);
    const packets = await children(findings[0]);
    assert.deepEqual((await labels(packets)).slice(0, 2), ['Packet 1', 'Packet 2']);
    const extension = await api();
    await extension.diagnosisTree.show({ packet: 17, source: uri.toString() });
    await eventually('the packet is shown', async () => {
      const state = extension.shown(uri);
      return Promise.resolve(state?.tab === 'sequence' && state.row !== null ? state : null);
    });
  });

  it('goes by the thresholds of the settings, and diagnoses anew when they change', async () => {
    await openBesideTree(inWorkspace('scan-syn.pcap'));
    await groups(['Attacks', 'Connections that fail']);
    await vscode.workspace.getConfiguration('tcpTrace').update('diagnosis.portScanPorts', 51, true);
    // Without the scan, what it caused is told by itself.
    const [only] = await groups(['Connections that fail']);
    assert.ok((await labels(await children(only))).includes('Refused connections'));
  });

  it('shows the tab by a command', async () => {
    const uri = inWorkspace('syn-flood.pcap');
    await open(uri);
    await vscode.commands.executeCommand('tcpTrace.showDiagnosis');
    const extension = await api();
    await eventually('the tab', () => Promise.resolve(extension.shown(uri)?.tab === 'diagnosis' ? true : null));
  });
});
