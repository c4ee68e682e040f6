import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Threshold, THRESHOLDS } from '../../src/core/model/diagnosis';

const ROOT = resolve(__dirname, '../..');
const json = <T>(file: string): T => JSON.parse(readFileSync(resolve(ROOT, file), 'utf8')) as T;

interface Command {
  readonly command: string;
}
interface Manifest {
  readonly capabilities: Readonly<Record<string, { readonly supported: boolean }>>;
  readonly icon: string;
  readonly contributes: {
    readonly commands: readonly Command[];
    readonly keybindings: readonly Command[];
    readonly menus: Readonly<Record<string, readonly Command[]>>;
    readonly languages: readonly { readonly icon: Readonly<Record<string, string>> }[];
    readonly configuration: { readonly properties: Readonly<Record<string, Partial<Threshold>>> };
  };
}

const text = readFileSync(resolve(ROOT, 'package.json'), 'utf8');
const manifest = json<Manifest>('package.json');
const { commands, keybindings, menus, languages, configuration } = manifest.contributes;

const DIAGNOSIS = 'tcpTrace.diagnosis.';

describe('manifest', () => {
  it('has a text in every language for each of its keys, and no others', () => {
    const used = [...new Set([...text.matchAll(/"%([\w.]+)%"/g)].map((match) => match[1]!))].sort();
    for (const file of ['package.nls.json', 'package.nls.zh-cn.json'])
      assert.deepEqual(Object.keys(json<object>(file)).sort(), used, file);
  });

  it('has menus and keys for its own commands only', () => {
    const known = commands.map(({ command }) => command);
    for (const { command } of [...keybindings, ...Object.values(menus).flat()])
      assert.ok(known.includes(command), command);
  });

  it('says that it works where a workspace is not trusted, and where it is virtual', () => {
    assert.deepEqual(manifest.capabilities, {
      untrustedWorkspaces: { supported: true },
      virtualWorkspaces: { supported: true },
    });
  });

  it('has every icon that it names', () => {
    for (const icon of [manifest.icon, ...languages.flatMap((language) => Object.values(language.icon))])
      assert.ok(existsSync(resolve(ROOT, icon)), icon);
  });

  it('has no setting that the code does not read', () => {
    const source = readFileSync(resolve(ROOT, 'src/extension/settings.ts'), 'utf8');
    for (const name of Object.keys(configuration.properties).filter((one) => !one.startsWith(DIAGNOSIS)))
      assert.ok(source.includes(`'${name.replace('tcpTrace.', '')}'`), name);
  });

  it('has every threshold of the diagnosis, within the same bounds, and no other', () => {
    const found = Object.entries(configuration.properties).filter(([name]) => name.startsWith(DIAGNOSIS));
    assert.deepEqual(
      found.map(([name, { default: standard, minimum, maximum }]) => [name, standard, minimum, maximum]),
      Object.entries<Threshold>(THRESHOLDS).map(([name, { default: standard, minimum, maximum }]) => [
        DIAGNOSIS + name,
        standard,
        minimum,
        maximum,
      ]),
    );
  });
});
