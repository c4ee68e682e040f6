import { count, percent } from '../../src/core/format/number';
import {
  DIAGNOSIS_GROUPS,
  type DiagnosisFinding,
  type DiagnosisGroup,
  type DiagnosisProgress,
  type Severity,
  THRESHOLDS,
} from '../../src/core/model/diagnosis';
import type { CaptureSummary } from '../../src/core/model/summary';
import type { Context, Panel } from '../context';
import { badge, button, progressRing } from '../controls';
import { el, setChildren, setText } from '../dom';
import { plural, say, t } from '../l10n';
import { FindingChart } from './diagnosisChart';
import { linked } from './explanation';
import { packetLink } from './packetLink';

/** Captures of so many segments are diagnosed unasked, for the number beside the tab: a quarter of a second of work. */
const UNASKED_SEGMENTS = 50_000;
/** After so long a wait one is told that there is one. */
const TELL_AFTER_MS = 150;

const GROUP_TITLES: Readonly<Record<DiagnosisGroup, string>> = {
  quality: 'Quality of the capture',
  attack: 'Attacks',
  connectivity: 'Connections that fail',
  performance: 'Slowness and loss',
};

const SIGNS: Readonly<Record<Severity, string>> = { error: '✖', warning: '⚠', info: '○' };
const SEVERITY_NAMES: Readonly<Record<Severity, string>> = {
  error: 'Alarm',
  warning: 'Warning',
  info: 'For information',
};

export function diagnosisPanel(context: Context): Panel {
  return new DiagnosisPanel(context);
}

/** What the capture as a whole shows: its quality first, then what is wrong, most severe first. */
class DiagnosisPanel implements Panel {
  readonly element: HTMLElement;
  private readonly head = el('p', { class: 'diagnosis-head', role: 'status' });
  private readonly wait = el('div', { class: 'diagnosis-wait', hidden: true });
  private readonly body = el('div', { class: 'diagnosis-body' });
  private readonly scroller: HTMLElement;
  private readonly themes: MutationObserver;
  private charts: FindingChart[] = [];
  private summary: CaptureSummary | null = null;
  private shown = false;
  /** Counts diagnoses, so that one that was overtaken ends quietly. */
  private asked = 0;
  private told = '';
  /** Packets that were there when what is said beside the tab was found. */
  private counted = -1;

  constructor(private readonly context: Context) {
    this.scroller = el(
      'div',
      { class: 'diagnosis-scroller', tabindex: 0, role: 'region', 'aria-label': t('Diagnosis') },
      this.body,
    );
    this.element = el(
      'div',
      { class: 'diagnosis' },
      el(
        'div',
        { class: 'diagnosis-bar' },
        this.head,
        this.wait,
        button(t('Thresholds…'), {
          look: 'secondary',
          onClick: () => context.post({ type: 'command', command: 'diagnosisSettings' }),
        }),
      ),
      this.scroller,
    );
    this.scroller.addEventListener('scroll', () => {
      // Before there is something in it, it was not the user who scrolled.
      if (this.shown && this.told !== '') context.store.set({ diagnosisTop: this.scroller.scrollTop });
    });
    this.themes = new MutationObserver(() => this.charts.forEach((chart) => chart.restyle()));
    for (const target of [document.documentElement, document.body])
      this.themes.observe(target, { attributes: true, attributeFilter: ['class', 'style'] });
  }

  show(focus: boolean): void {
    this.shown = true;
    if (focus) this.scroller.focus();
    // Out of sight, it has lost its place.
    this.scroller.scrollTop = this.context.store.now.diagnosisTop;
    void this.diagnose();
  }

  hide(): void {
    this.shown = false;
    this.asked++;
  }

  progress(summary: CaptureSummary): void {
    this.summary = summary;
    const isNew = this.counted !== summary.frames;
    if (this.shown || (summary.done && isNew && summary.segments <= UNASKED_SEGMENTS)) void this.diagnose();
  }

  dispose(): void {
    this.asked++;
    this.themes.disconnect();
    for (const chart of this.charts) chart.dispose();
  }

  /** Has the capture diagnosed, piece by piece, once it has been read; what was shown stays until then. */
  private async diagnose(): Promise<void> {
    const asked = ++this.asked;
    if (this.summary?.done !== true) {
      setText(this.head, t('The capture is diagnosed once it has been read.'));
      return;
    }
    const started = performance.now();
    this.counted = this.summary.frames;
    for (;;) {
      const progress = await this.context.client.query('diagnosis', { thresholds: {} }).catch(() => null);
      if (asked !== this.asked) return;
      if (progress === null) break;
      if (progress.done) {
        this.tellNumber(progress);
        if (this.shown) this.take(progress);
        break;
      }
      if (performance.now() - started > TELL_AFTER_MS) this.tell(progress);
    }
    this.wait.hidden = true;
  }

  private tell({ walked, segments }: DiagnosisProgress): void {
    if (this.wait.hidden) setChildren(this.wait, progressRing(t('Diagnosing the capture')), el('span', {}));
    this.wait.hidden = false;
    setText(this.wait.lastElementChild!, t('{0} % of {1} segments', percent(walked, segments), count(segments)));
  }

  private tellNumber({ findings }: DiagnosisProgress): void {
    const n = findings.filter(({ severity }) => severity !== 'info').length;
    this.context.count('diagnosis', n, plural(n, '{0} alarm or warning', '{0} alarms and warnings', count(n)));
  }

  private take({ findings, omitted }: DiagnosisProgress): void {
    const key = JSON.stringify(findings);
    if (key === this.told) return;
    this.told = key;
    const of = (severity: Severity): number => findings.filter((one) => one.severity === severity).length;
    setText(
      this.head,
      [
        plural(of('error'), '{0} alarm', '{0} alarms', of('error')),
        plural(of('warning'), '{0} warning', '{0} warnings', of('warning')),
        t('{0} for information', of('info')),
      ].join(' · '),
    );
    for (const chart of this.charts) chart.dispose();
    this.charts = [];
    setChildren(
      this.body,
      ...DIAGNOSIS_GROUPS.map((group) =>
        this.section(
          group,
          findings.filter((one) => one.group === group),
        ),
      ),
      omitted > 0 &&
        el(
          'p',
          { class: 'dim' },
          t('{0} more findings are left out: of each kind only the first are listed.', count(omitted)),
        ),
    );
    for (const chart of this.charts) chart.restyle();
    this.scroller.scrollTop = this.context.store.now.diagnosisTop;
  }

  private section(group: DiagnosisGroup, findings: readonly DiagnosisFinding[]): HTMLElement {
    const id = `diagnosis-${group}`;
    return el(
      'section',
      { class: 'diagnosis-group', 'aria-labelledby': id },
      el(
        'h2',
        { id },
        t(GROUP_TITLES[group]),
        ' ',
        badge(count(findings.length), plural(findings.length, '{0} finding', '{0} findings', count(findings.length))),
      ),
      ...(findings.length === 0
        ? [el('p', { class: 'dim' }, t('Nothing found.'))]
        : findings.map((one) => this.finding(one))),
    );
  }

  private finding(one: DiagnosisFinding): HTMLElement {
    const { post } = this.context;
    const chart = one.chart === null ? null : new FindingChart(this.context, one.chart);
    if (chart !== null) this.charts.push(chart);
    return el(
      'article',
      { class: `finding ${one.severity}`, 'data-kind': one.kind },
      el(
        'h3',
        {},
        el(
          'span',
          { class: 'severity' },
          el('span', { 'aria-hidden': 'true' }, SIGNS[one.severity]),
          ' ',
          t(SEVERITY_NAMES[one.severity]),
        ),
        el('span', { class: 'finding-title' }, say(one.title)),
      ),
      el('p', {}, ...linked(say(one.text), post)),
      one.details.length > 0 &&
        el('ul', { class: 'finding-details' }, ...one.details.map((detail) => el('li', {}, say(detail)))),
      chart?.element,
      one.packets.length > 0 &&
        el(
          'p',
          { class: 'finding-packets' },
          one.packetsTotal === 1 ? t('Packet') : t('Packets'),
          ...one.packets.flatMap((packet) => [' ', packetLink(this.context, packet)]),
          one.packetsTotal > one.packets.length &&
            el('span', { class: 'dim' }, ` ${t('… {0} in all', count(one.packetsTotal))}`),
        ),
      one.crossed.length > 0 &&
        el(
          'ul',
          { class: 'finding-crossed' },
          ...one.crossed.map(({ threshold, limit, found }) => {
            const { title, unit } = THRESHOLDS[threshold];
            const amount = (n: number): string => (unit === null ? count(n) : `${count(n)} ${unit}`);
            return el('li', {}, t('{0}: {1} (threshold {2})', title, amount(found), amount(limit)));
          }),
        ),
      el('p', { class: 'finding-caution dim' }, say(one.caution), ' ', ...linked(one.cites, post)),
    );
  }
}
