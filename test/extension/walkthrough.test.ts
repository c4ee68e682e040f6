import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';

const ROOT = resolve(__dirname, '../..');
const json = <T>(file: string): T => JSON.parse(readFileSync(resolve(ROOT, file), 'utf8')) as T;

interface Step {
  readonly id: string;
  readonly description: string;
  readonly media: { readonly image: Readonly<Record<string, string>>; readonly altText: string };
}
interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly command: string }[];
    readonly walkthroughs: readonly { readonly steps: readonly Step[] }[];
  };
}

const { contributes } = json<Manifest>('package.json');
const [walkthrough] = contributes.walkthroughs;

describe('the walkthrough', () => {
  for (const file of ['package.nls.json', 'package.nls.zh-cn.json']) {
    const texts = json<Record<string, string>>(file);
    const textOf = (key: string): string => texts[key.replaceAll('%', '')]!;

    it(`has a sample to open in each step (${file})`, () => {
      assert.equal(walkthrough?.steps.length, 7);
      const samples = walkthrough.steps.map(({ id, description }) => {
        const [link, command, query] = /\[[^\]]+\]\(command:([\w.]+)\?([^)]+)\)$/.exec(textOf(description)) ?? [];
        assert.ok(link, id);
        assert.equal(command, 'tcpTrace.openSample');
        const sample = JSON.parse(decodeURIComponent(query!)) as string;
        assert.ok(existsSync(resolve(ROOT, 'media/samples', sample)), sample);
        return sample;
      });
      assert.equal(new Set(samples).size, samples.length);
    });

    it(`marks code by two backticks, as VS Code wants it there (${file})`, () => {
      const marks = walkthrough!.steps.flatMap(({ description }) => textOf(description).match(/`+/g) ?? []);
      assert.deepEqual(marks, Array<string>(4).fill('``'));
    });
  }

  it('has a picture in each kind of theme, and says what is on it', () => {
    for (const { id, media } of walkthrough!.steps) {
      assert.deepEqual(Object.keys(media.image).sort(), ['dark', 'hc', 'hcLight', 'light'], id);
      for (const file of Object.values(media.image)) assert.ok(existsSync(resolve(ROOT, file)), file);
      assert.match(media.altText, /^%walkthrough\.\w+\.alt%$/);
    }
  });
});
