import * as vscode from 'vscode';
import { capitalised, inert } from '../../core/format/text';
import {
  DIAGNOSIS_GROUPS,
  type DiagnosisFinding,
  type DiagnosisGroup,
  type Severity,
} from '../../core/model/diagnosis';
import type { ActiveTrace, ShownTrace } from '../active-trace';
import type { TraceDocument } from '../editor/document';
import { fileName, sentence } from '../text';

/** The view's name in package.json. */
export const DIAGNOSIS_VIEW = 'tcpTrace.diagnosis';

/** A group of findings, a finding, or one of the packets that show it. */
export type DiagnosisElement =
  | { readonly kind: 'group'; readonly group: DiagnosisGroup; readonly findings: readonly DiagnosisFinding[] }
  | { readonly kind: 'finding'; readonly finding: DiagnosisFinding }
  | { readonly kind: 'packet'; readonly packet: number; readonly source: string };

/** A packet of a trace, by the trace's address. */
export interface DiagnosedPacket {
  readonly packet: number;
  readonly source: string;
}

export const isDiagnosedPacket = (value: unknown): value is DiagnosedPacket => {
  const { packet, source } = (value ?? {}) as Partial<DiagnosedPacket>;
  return Number.isSafeInteger(packet) && typeof source === 'string';
};

const GROUP_TITLES: Readonly<Record<DiagnosisGroup, () => string>> = {
  quality: () => vscode.l10n.t('Quality of the capture'),
  attack: () => vscode.l10n.t('Attacks'),
  connectivity: () => vscode.l10n.t('Connections that fail'),
  performance: () => vscode.l10n.t('Slowness and loss'),
};

const ICONS: Readonly<Record<Severity, vscode.ThemeIcon>> = {
  error: new vscode.ThemeIcon('error', new vscode.ThemeColor('problemsErrorIcon.foreground')),
  warning: new vscode.ThemeIcon('warning', new vscode.ThemeColor('problemsWarningIcon.foreground')),
  info: new vscode.ThemeIcon('info'),
};

const SEVERITY_NAMES: Readonly<Record<Severity, () => string>> = {
  error: () => vscode.l10n.t('Alarm'),
  warning: () => vscode.l10n.t('Warning'),
  info: () => vscode.l10n.t('For information'),
};

/** What the active trace as a whole shows, in the side bar: made when the tree is on screen and the trace is read. */
export class DiagnosisTree implements vscode.TreeDataProvider<DiagnosisElement>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChangeTreeData = this.changed.event;
  private readonly tree: vscode.TreeView<DiagnosisElement>;
  private shown: ShownTrace | null = null;
  private listening: vscode.Disposable | null = null;
  private findings: readonly DiagnosisFinding[] = [];
  /** Counts diagnoses, so that one that was overtaken ends quietly. */
  private asked = 0;
  private readonly subscriptions: vscode.Disposable;

  constructor(private readonly active: ActiveTrace) {
    this.tree = vscode.window.createTreeView(DIAGNOSIS_VIEW, { treeDataProvider: this, showCollapseAll: true });
    this.subscriptions = vscode.Disposable.from(
      this.tree,
      this.changed,
      active.onDidChange(() => this.follow()),
      this.tree.onDidChangeVisibility(() => void this.diagnose()),
    );
    this.follow();
  }

  getChildren(element?: DiagnosisElement): DiagnosisElement[] {
    switch (element?.kind) {
      case undefined:
        return DIAGNOSIS_GROUPS.flatMap((group) => {
          const findings = this.findings.filter((one) => one.group === group);
          return findings.length === 0 ? [] : [{ kind: 'group' as const, group, findings }];
        });
      case 'group':
        return element.findings.map((finding) => ({ kind: 'finding', finding }));
      case 'finding': {
        const source = this.shown?.document.uri.toString() ?? '';
        return element.finding.packets.map((packet) => ({ kind: 'packet', packet, source }));
      }
      case 'packet':
        return [];
    }
  }

  getTreeItem(element: DiagnosisElement): vscode.TreeItem {
    switch (element.kind) {
      case 'group':
        return groupItem(element.group, element.findings);
      case 'finding':
        return findingItem(element.finding);
      case 'packet':
        return packetItem(element);
    }
  }

  /** Shows a packet in the trace's view; one without a connection is shown among all that is diagnosed. */
  async show({ packet, source }: DiagnosedPacket): Promise<void> {
    const { shown } = this;
    if (shown?.document.uri.toString() !== source) return;
    const place = await shown.document.query('place', { packet }).catch(() => null);
    if (place === null) return;
    if (place.connection === null) shown.open().show({ type: 'showDiagnosis' });
    else shown.open().reveal(place.connection, place.row);
  }

  dispose(): void {
    this.asked++;
    this.listening?.dispose();
    this.subscriptions.dispose();
  }

  private follow(): void {
    const shown = this.active.now;
    const isOther = shown?.document !== this.shown?.document;
    this.shown = shown;
    if (!isOther) return;
    this.listening?.dispose();
    this.listening = shown?.document.onDidChange(() => void this.diagnose()) ?? null;
    this.take([], shown === null ? '' : vscode.l10n.t('Reading…'));
    void this.diagnose();
  }

  /** Has the trace diagnosed, piece by piece, where somebody looks; what was listed stays until it is done. */
  private async diagnose(): Promise<void> {
    const asked = ++this.asked;
    const document = this.shown?.document;
    if (document === undefined || !this.tree.visible || document.busy) return;
    this.tree.description = fileName(document.uri);
    if (document.failure !== null) {
      this.take([], sentence(document.failure));
      return;
    }
    const findings = await diagnosisOf(document, () => asked === this.asked);
    if (findings !== null) this.take(findings, findings.length === 0 ? vscode.l10n.t('Nothing found.') : '');
  }

  private take(findings: readonly DiagnosisFinding[], message: string): void {
    this.findings = findings;
    this.tree.message = message;
    this.changed.fire();
  }
}

/** All findings, `null` where nobody wants them any more or the trace is gone. */
async function diagnosisOf(
  document: TraceDocument,
  isWanted: () => boolean,
): Promise<readonly DiagnosisFinding[] | null> {
  for (;;) {
    const progress = await document.query('diagnosis', { thresholds: {} }).catch(() => null);
    if (progress === null || !isWanted()) return null;
    if (progress.done) return progress.findings;
  }
}

function groupItem(group: DiagnosisGroup, findings: readonly DiagnosisFinding[]): vscode.TreeItem {
  const isAlarming = findings.some(({ severity }) => severity !== 'info');
  const { Expanded, Collapsed } = vscode.TreeItemCollapsibleState;
  const item = new vscode.TreeItem(GROUP_TITLES[group](), isAlarming ? Expanded : Collapsed);
  item.description = String(findings.length);
  return item;
}

function findingItem({ title, text, details, severity, packets, caution }: DiagnosisFinding): vscode.TreeItem {
  const { Collapsed, None } = vscode.TreeItemCollapsibleState;
  const said = inert(sentence(text));
  const name = capitalised(sentence(title));
  const item = new vscode.TreeItem(name, packets.length > 0 ? Collapsed : None);
  item.description = said;
  item.iconPath = ICONS[severity];
  item.tooltip = [said, ...details.map((one) => inert(sentence(one))), sentence(caution)].join('\n');
  item.accessibilityInformation = { label: `${SEVERITY_NAMES[severity]()}: ${name}. ${said}` };
  return item;
}

function packetItem({ packet, source }: DiagnosedPacket): vscode.TreeItem {
  const item = new vscode.TreeItem(vscode.l10n.t('Packet {0}', packet));
  item.command = {
    command: 'tcpTrace.showDiagnosedPacket',
    title: vscode.l10n.t('Packet {0}', packet),
    arguments: [{ packet, source }],
  };
  return item;
}
