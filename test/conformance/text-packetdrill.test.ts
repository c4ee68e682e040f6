import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { holds, momentAt, NOT_ON_THE_WIRE, TCP_INFO_FACTS, valueOf } from './text-tcp-info';
import { analysed } from './text-pairs';

/** Demands that the trace contradicts, by script, of whatever suite, with the reason. The test holds this list. */
const DIFFERENCES: Readonly<Record<string, string>> = {
  'user-timeout-probe.pkt': 'A queue drops the probes before they leave the host: no packet is in the script.',
};

describe('packetdrill scripts of others', () => {
  const folder = process.env.PACKETDRILL_DIR;
  if (folder === undefined || !existsSync(folder)) {
    console.log('\n  PACKETDRILL_DIR names no folder of scripts: those of others were NOT read.\n');
    return;
  }
  const scripts = (readdirSync(folder, { recursive: true }) as string[])
    .filter((name) => name.endsWith('.pkt') && statSync(path.join(folder, name)).isFile())
    .sort();

  it(`have nothing unknown in them (${scripts.length})`, function () {
    this.timeout(300_000);
    let segments = 0;
    const unknown = scripts.flatMap((name) => {
      const { notices, textFormat, segments: found } = analysed(readFileSync(path.join(folder, name))).summary();
      segments += found;
      assert.equal(textFormat, 'packetdrill', name);
      return notices.map(({ line, code }) => `${name}:${line}: ${code}`);
    });
    console.log(`      ${scripts.length} scripts, ${segments} segments, ${unknown.length} lines that are not known`);
    assert.deepEqual(unknown, []);
  });

  it('demand of TCP what the trace shows of it', function () {
    this.timeout(300_000);
    let agreed = 0;
    const differing: string[] = [];
    const untold = new Map<string, number>();
    for (const name of scripts) {
      const trace = analysed(readFileSync(path.join(folder, name)));
      const demands = trace.events().filter(({ assertion }) => assertion !== null);
      if (demands.length === 0) continue;
      const rows = [...trace.allSegments()];
      for (const { assertion, line, nextPacket, timeNs } of demands) {
        const { name: field, mask, operator, value } = assertion!;
        const key = mask === null ? field : `${field} & ${mask}`;
        const moment = momentAt(trace, rows, nextPacket, timeNs);
        const fact = moment === null ? null : (TCP_INFO_FACTS[key]?.(moment) ?? null);
        const demanded = valueOf(value);
        if (fact === null || demanded === null) untold.set(key, (untold.get(key) ?? 0) + 1);
        else if (holds(fact, operator, demanded)) agreed++;
        else differing.push(`${path.basename(name)}:${line}: ${key} ${operator} ${value}, but ${fact}`);
      }
    }
    const total = agreed + differing.length + [...untold.values()].reduce((a, b) => a + b, 0);
    console.log(`      ${total} demands: ${agreed} agree, ${differing.length} differ; not told by any trace:`);
    for (const [field, count] of [...untold].sort(([, a], [, b]) => b - a))
      console.log(`        ${String(count).padStart(4)} ${field}: ${NOT_ON_THE_WIRE[field] ?? 'no segment before it'}`);
    const unexplained = differing.filter((one) => DIFFERENCES[one.slice(0, one.indexOf(':'))] === undefined);
    for (const one of differing)
      console.log(`        differs: ${one} (${DIFFERENCES[one.slice(0, one.indexOf(':'))] ?? 'NOT EXPLAINED'})`);
    assert.deepEqual(unexplained, []);
    const read = new Set(scripts.map((name) => path.basename(name)));
    const stale = Object.keys(DIFFERENCES).filter(
      (script) => read.has(script) && !differing.some((one) => one.startsWith(`${script}:`)),
    );
    assert.deepEqual(stale, [], 'differences that are no more');
  });
});
