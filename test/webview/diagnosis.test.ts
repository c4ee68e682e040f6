import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import { useHarness, type View } from './harness';

describe('the diagnosis', () => {
  const open = useHarness();

  async function diagnose(trace: string, options?: Parameters<typeof open>[1]): Promise<View> {
    const view = await open(trace, options);
    await view.frame.locator('.table-scroller [data-connection]').first().waitFor();
    await view.chooseTab('Diagnosis');
    await view.frame.locator('.diagnosis-group').first().waitFor();
    return view;
  }

  const finding = (view: View, kind: string): Locator => view.frame.locator(`.finding[data-kind="${kind}"]`);

  it('tells the quality of the capture first, and then its groups, also those without a finding', async () => {
    const view = await diagnose('scan-syn.pcap');
    assert.deepEqual(await view.frame.locator('.diagnosis-group h2').allTextContents(), [
      'Quality of the capture 0',
      'Attacks 1',
      'Connections that fail 1',
      'Slowness and loss 0',
    ]);
    await view.frame.getByText('0 alarms · 1 warning · 1 for information').waitFor();
    assert.deepEqual(await view.faults(), []);
  });

  it('says beside its tab how many alarms and warnings there are, before it is shown', async () => {
    const view = await open('scan-syn.pcap');
    const tab = view.frame.getByRole('tab', { name: 'Diagnosis' });
    // The other finding is for information.
    await tab.getByRole('img', { name: '1 alarm or warning', exact: true }).waitFor();
    assert.equal(await tab.locator('vscode-badge').innerText(), '1');
    const pill = tab.locator('vscode-badge .control');
    // Of the toolkit's own style, which only an attribute in its template would have broken.
    assert.equal(await pill.evaluate((element) => getComputedStyle(element).borderTopLeftRadius), '11px');
    assert.deepEqual(await view.faults(), []);
    const quiet = await open('ftp-textbook.pcap');
    await quiet.frame.locator('.table-scroller [data-connection]').first().waitFor();
    await quiet.chooseTab('Diagnosis');
    await quiet.frame.locator('.diagnosis-group').first().waitFor();
    assert.equal(await quiet.frame.getByRole('tab').locator('vscode-badge').count(), 0);
  });

  it('stays where it was scrolled to, in another tab and after a reload', async () => {
    const view = await diagnose('hijack-mitnick.pcap', { height: 500 });
    const scroller = view.frame.getByRole('region', { name: 'Diagnosis' });
    await scroller.hover();
    await view.page.mouse.wheel(0, 240);
    await view.frame.waitForFunction(() => document.querySelector('.diagnosis-scroller')!.scrollTop === 240);
    await view.chooseTab('Packets');
    await view.frame.locator('.packets [data-packet="1"]').waitFor();
    await view.chooseTab('Diagnosis');
    await view.frame.waitForFunction(() => document.querySelector('.diagnosis-scroller')!.scrollTop === 240);
    await view.page.waitForTimeout(300); // state is remembered in a while
    await view.page.reload();
    const frame = view.page.frames().find((candidate) => candidate.url().includes('/view'))!;
    await frame.locator('.diagnosis-group').first().waitFor();
    await frame.waitForFunction(() => document.querySelector('.diagnosis-scroller')!.scrollTop === 240);
  });

  it('links every section of an RFC that a finding rests on', async () => {
    const view = await diagnose('lost-syn-ack.pcap');
    const delayed = finding(view, 'delayed-handshakes');
    await delayed.getByRole('link', { name: 'RFC 6298 §2.1' }).click();
    await delayed.getByRole('link', { name: '§5.7', exact: true }).click();
    assert.deepEqual(
      (await view.asked('openRfc', 2)).map(({ rfc, section }) => [rfc, section]),
      [
        [6298, '2.1'],
        [6298, '5.7'],
      ],
    );
  });

  it('shows numbers, thresholds and what else looks the same, and leads to the packets', async () => {
    const view = await diagnose('scan-syn.pcap');
    const scan = finding(view, 'syn-scan');
    await scan.getByText('10.1.0.2 probed 50 ports of 10.2.0.9').waitFor();
    await scan.getByText('Open, answered by a SYN-ACK (3): 22, 80, 443').waitFor();
    await scan.getByText('Ports of one host that one host probes: 50 (threshold 15)').waitFor();
    await scan.getByText('looks the same.').waitFor();
    await scan.getByRole('link', { name: 'RFC 9293 §3.5' }).click();
    assert.deepEqual(
      (await view.asked('openRfc')).map(({ rfc, section }) => [rfc, section]),
      [[9293, '3.5']],
    );
    await scan.getByRole('link', { name: 'Packet 17', exact: true }).click();
    await view.isSelected(17);
    assert.deepEqual(await view.faults(), []);
  });

  it('draws the queue of half-open connections, and says it in words', async () => {
    const view = await diagnose('syn-flood-spoofed.pcap');
    const flood = finding(view, 'syn-flood-spoofed');
    const chart = flood.getByRole('img', { name: 'Queue of half-open connections over time, 65 long at most' });
    await chart.locator('canvas').waitFor();
    for (const name of ['Queue of half-open connections (estimated)', 'Backlog 128', 'SYNs without an answer'])
      await flood.getByText(name, { exact: true }).waitFor();
    const plot = chart.locator('.u-over');
    const { width, height } = (await plot.boundingBox())!;
    // In the middle of nine seconds: the queue is full from the second second to the seventh.
    await plot.hover({ position: { x: width / 2, y: height / 2 } });
    await flood.getByText(/^65 half-open connections, 4\.\d+ s after the first packet$/).waitFor();
    assert.deepEqual(await view.faults(), []);
  });

  it('draws the spread of initial sequence numbers, whose points lead to packets', async () => {
    const view = await diagnose('hijack-mitnick.pcap');
    const target = finding(view, 'predictable-isn').nth(1);
    const plot = target.locator('.u-over');
    await target.locator('canvas').waitFor();
    const { width, height } = (await plot.boundingBox())!;
    // The numbers grow in time: the last one, of packet 100, is in the upper right corner. Around them is a twentieth of
    // room, which is a twenty-second of the whole.
    const position = { x: width * (1 - 0.05 / 1.1), y: height * (0.05 / 1.1) };
    await plot.hover({ position });
    await target.getByText(/^Packet 100: 2.024.384.000, /).waitFor();
    await plot.click({ position });
    await view.isSelected(100);
    assert.deepEqual(await view.faults(), []);
  });

  it('asks the host for the settings', async () => {
    const view = await diagnose('handshake.pcap');
    await view.frame.getByRole('button', { name: 'Thresholds…' }).click();
    assert.deepEqual(
      (await view.asked('command')).map(({ command }) => command),
      ['diagnosisSettings'],
    );
  });

  it('fits into 320 pixels', async () => {
    const view = await diagnose('syn-flood.pcap', { width: 320 });
    const wide = await view.frame.evaluate(() => {
      const scroller = document.querySelector('.diagnosis-scroller')!;
      return scroller.scrollWidth - scroller.clientWidth;
    });
    assert.equal(wide, 0);
  });
});
